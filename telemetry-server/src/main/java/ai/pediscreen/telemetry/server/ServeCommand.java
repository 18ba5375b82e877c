package ai.pediscreen.telemetry.server;

import picocli.CommandLine.Command;

/** {@code serve}: answers HTTP until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Answer HTTP until stopped (the default).")
final class ServeCommand implements Runnable {

  @Override
  public void run() {
    ServerConfig config = ServerConfig.ofProcess();
    TelemetryServer server = TelemetryServer.start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    Banner.lines(config, server.port(), server.store()).forEach(System.out::println);
  }
}
