package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code retention}: resumes retention that is paused until the clock is checked. */
@Command(
    name = "retention",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "confirm",
    description =
        "Resume retention that is paused: the clock jumped, or many days would be deleted at once.")
public final class RetentionCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    String message = "say what to do: confirm";
    throw CommandLineError.of(spec, message);
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = {
        "Confirm that the database's clock and RETENTION_DAYS are right.",
        "A running server then deletes within an hour all that has expired, however much."
      })
  void confirm() {
    String said = CommandRunner.withStore((telemetry, config) -> confirmed(telemetry));
    System.out.println(said);
  }

  private static String confirmed(PostgresTelemetry telemetry) {
    int days = telemetry.maintenance().expiredDays();
    LocalDate first =
        telemetry
            .audit()
            .appendWith(
                telemetry.maintenance()::confirmRetention,
                day ->
                    Optional.of(
                        CommandAudit.act(
                            AuditAction.RETENTION_CONFIRMED,
                            null,
                            AuditSelections.ofRetention(day))));
    String going =
        switch (days) {
          case 0 -> "no day is deleted";
          case 1 -> "1 day is deleted";
          default -> days + " days are deleted";
        };
    return "confirmed: raw events are kept from %s on; %s".formatted(first, going);
  }
}
