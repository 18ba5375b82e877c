package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.TelemetryServer;
import ai.pediscreen.telemetry.server.config.DriftConfig;
import ai.pediscreen.telemetry.server.config.HttpConfig;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.Ports;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.StorageConfig;
import ai.pediscreen.telemetry.server.demo.DemoEvents;
import ai.pediscreen.telemetry.server.demo.DemoTraffic;
import ai.pediscreen.telemetry.server.embedded.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code demo}: a server over a month of made-up events. Whatever the environment says of databases
 * and keys is left alone: everything is in a temporary directory, which is deleted at the end.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Show the dashboard over made-up events, in a temporary directory.")
public final class DemoCommand implements Runnable {

  /** The history, the week before it that its first days lack, and a day at the edge. */
  private static final int RETENTION_DAYS = DemoEvents.DAYS + 8;

  private static final String LOOPBACK = "127.0.0.1";

  private static final int MAX_ATTEMPTS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "${env:PORT:-8000}",
      description = "Port to listen on; the next free one if it is taken (${DEFAULT-VALUE}).")
  private int port;

  @Override
  public void run() {
    Shutdown shutdown = Shutdown.hooked();
    try {
      start(shutdown);
    } finally {
      shutdown.settled();
    }
  }

  private void start(Shutdown shutdown) {
    Path directory = temporary();
    shutdown.closeAtTheEnd(() -> Directories.delete(directory));
    ServerConfig config =
        ServerConfig.of(
            Map.of(
                HttpConfig.HOST.name(),
                LOOPBACK,
                HttpConfig.PORT.name(),
                Integer.toString(freePort(port)),
                StorageConfig.DATA_DIR.name(),
                directory.toString(),
                StorageConfig.RETENTION_DAYS.name(),
                Integer.toString(RETENTION_DAYS),
                DriftConfig.DRIFT_FEATURES.name(),
                DemoEvents.WATCHED));
    System.out.println("Making a month of events in " + directory + " …");
    DemoEvents events = new DemoEvents(DemoEvents.SEED, Instant.now());
    TelemetryServer server = TelemetryServer.start(config, fillWith(events));
    shutdown.closeAtTheEnd(server);
    URI uri = URI.create("http://" + LOOPBACK + ":" + server.port());
    shutdown.closeAtTheEnd(new DemoTraffic(uri.resolve("/events"), events));
    greeting(uri).forEach(System.out::println);
  }

  private static Consumer<PostgresTelemetry> fillWith(DemoEvents events) {
    // Made while the database starts.
    CompletableFuture<List<TelemetryEvent>> made = CompletableFuture.supplyAsync(events::history);
    return telemetry -> {
      List<TelemetryEvent> history = made.join();
      for (int from = 0; from < history.size(); from += GroupCommitter.MAX_GROUP) {
        int to = Math.min(from + GroupCommitter.MAX_GROUP, history.size());
        List<ScopedEvent> some = ScopedEvent.all(OrgPermission.all(), history.subList(from, to));
        retrying(() -> telemetry.events().append(some));
      }
      DailyAggregation aggregation = new DailyAggregation(telemetry.days());
      retrying(aggregation::computeDue);
    };
  }

  /**
   * Does what may be done again: on a busy machine a transaction can be silent for longer than the
   * database waits.
   */
  static void retrying(Runnable step) {
    for (int attempt = 1; ; attempt++) {
      Shutdown.check();
      try {
        step.run();
        return;
      } catch (StoreUnavailableException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        LOG.info("trying again: {}", e.getMessage());
      }
    }
  }

  private static List<String> greeting(URI uri) {
    return List.of(
        "",
        "  Dashboard  " + uri,
        "",
        "  An event of your own is on the page within two seconds:",
        "",
        "    curl " + uri + "/events -H 'Content-Type: application/json' -d '",
        "      {\"event_id\": \"mine-1\", \"timestamp\": \"'$(date -u +%FT%TZ)'\",",
        "       \"model\": {\"model_id\": \"my-model\"}, \"response\": {\"latency_ms\": 120,"
            + " \"status_code\": 200}}'",
        "",
        "  Ctrl-C ends it and deletes everything.");
  }

  /** The port that is asked for, or the first after it that is free. */
  static int freePort(int wanted) {
    if (wanted < 0 || wanted > 65_535) {
      throw new InvalidConfigurationException(List.of("PORT must be between 0 and 65535"));
    }
    return Ports.firstFree(LOOPBACK, wanted)
        .orElseThrow(
            () ->
                new InvalidConfigurationException(
                    List.of("no port near " + wanted + " is free; choose another with --port")));
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("pediscreen-telemetry-demo");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary directory", e);
    }
  }
}
