package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.TelemetryServer;
import ai.pediscreen.telemetry.server.config.Ports;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code serve}: answers HTTP until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Answer HTTP until stopped (the default).")
public final class ServeCommand implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Override
  public void run() {
    CommandRunner.run(this::serve);
  }

  private void serve(ServerConfig config, Logging log) {
    Ports.requireFree(config);
    Shutdown shutdown = Shutdown.hooked();
    TelemetryServer server;
    try {
      shutdown.closeAtTheEnd(log);
      server = TelemetryServer.start(config);
      shutdown.closeAtTheEnd(server);
    } finally {
      shutdown.settled();
    }
    List<String> banner = Banner.lines(config, server.port(), server.metricsPort(), server.store());
    if (Logging.isJson(config.reporting().env())) {
      banner.forEach(line -> LOG.info("{}", line.strip()));
    } else {
      banner.forEach(System.out::println);
    }
  }
}
