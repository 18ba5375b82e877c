package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.cli.DoctorCommand;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over a kind of warehouse that no line of it knows. */
class AnotherWarehouseIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private @TempDir Path directory;

  @Test
  void eventsLeaveForIt_itAnswers_andDoctorLooksAtIt() throws IOException {
    Shelf.onClassPath(directory, AnotherWarehouseIT::exportAndAsk);
  }

  private static void exportAndAsk() {
    Map<String, String> settings = new HashMap<>();
    settings.put("ENABLE_SHELF", "true");
    settings.put("SHELF_ROOM", "7");
    settings.put("SHELF_KEY", "k-secret");
    settings.put("QUERY_ENGINE", "shelf");
    try (PostgresServer server = PostgresServer.start(settings)) {
      String event =
          "{\"event_id\":\"e-1\",\"timestamp\":\"%s\",\"model\":{\"model_id\":\"m\"}}"
              .formatted(server.clock().instant());
      assertThat(Http.postJson(server.uri().resolve("/events"), event).statusCode()).isEqualTo(202);
      Waiting.until("the event has left", LIMIT, () -> Shelf.ARRIVED.equals(List.of("e-1")));
      assertThat(
              Http.json(Http.get(server.uri().resolve("/telemetry?range=7d")))
                  .path("total_requests")
                  .intValue())
          .as("the shelf has no figures")
          .isZero();
    }
    settings.putAll(PostgresServer.newDatabase());
    assertThat(DoctorCommand.examine(ServerConfig.of(settings)).lines())
        .anyMatch(line -> line.matches("ok +Shelf +room 7"));
  }
}
