package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.server.alert.AlertNotSentException;
import ai.pediscreen.telemetry.server.alert.AlertSender;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code alerts}: tests whether messages arrive. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "test",
    description = "Test whether alerts arrive.")
public final class AlertsCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw CommandLineError.of(spec, "say what to do: test");
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Send a test message to every receiver of alerts that the settings name.",
        "Needs no database. Exit status 1 if one did not arrive."
      })
  int test() {
    ServerConfig config = ServerConfig.ofProcess();
    AlertSettings settings = config.alerts();
    if (settings.channels().isEmpty()) {
      throw CommandLineError.of(
          spec, "neither ALERT_WEBHOOK nor ALERT_SMTP is set, so no alerts are sent");
    }
    AlertMessage message = AlertMessage.test(Instant.now());
    List<AlertSender> senders = settings.senders(config.reporting().origin());
    int failed = 0;
    for (AlertSender sender : senders) {
      try (sender) {
        sender.send(message);
        System.out.printf("%-8s has arrived, message %s%n", sender.channel().label(), message.id());
      } catch (AlertNotSentException e) {
        failed++;
        System.out.printf("%-8s FAILED: %s%n", sender.channel().label(), e.getMessage());
      }
    }
    return failed == 0 ? 0 : 1;
  }
}
