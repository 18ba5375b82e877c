package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.logging.FakeSentry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in production: what it prints, and where. */
class ProductionLogIT {

  @TempDir private Path directory;

  @Test
  @DisplayName(
      "with `ENV=production` one JSON object a line on standard output in Google Cloud Logging's"
          + " format")
  void inProduction_everyLineIsOneJsonObject_fromTheFirstToTheLast() throws Exception {
    int port = ServerProcess.freePort();
    int metricsPort = ServerProcess.freePort();
    try (FakeSentry sentry = new FakeSentry()) {
      Path secret = Files.writeString(directory.resolve("dsn"), sentry.dsn().value() + "\n");
      // Not in the environment: the file must be read before anything is logged.
      Files.writeString(
          directory.resolve(".env"),
          "ENV=production\nSENTRY_DSN_FILE=%s\nMETRICS_PORT=%d\nPORT=%d\n"
              .formatted(secret, metricsPort, port));
      PreparedServer.linkPrograms(directory.resolve("telemetry-data"));
      try (ServerProcess server = ServerProcess.launch(directory, Map.of(), port)) {
        Waiting.until(
            "the server answers",
            Duration.ofSeconds(90),
            () -> Http.get(server.uri("/readyz")).statusCode() == 200);
        assertThat(
                Http.postJson(
                        server.uri("/events"),
                        "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10T12:00:00Z\"}")
                    .statusCode())
            .isEqualTo(202);
        assertThat(Http.get(URI.create("http://127.0.0.1:" + metricsPort + "/metrics")).body())
            .contains("telemetry_events_accepted_total 1.0");
        assertThat(server.stop(Duration.ofSeconds(15))).isEqualTo(143);

        List<JsonNode> lines = server.output().lines().map(ProductionLogIT::json).toList();
        assertThat(lines)
            .isNotEmpty()
            .allMatch(line -> line.path("severity").isTextual() && line.path("time").isTextual());
        assertThat(lines)
            .extracting(line -> line.path("message").textValue())
            // What it warns of is where this test keeps its data, if root runs it.
            .filteredOn(message -> !message.startsWith("Started as root"))
            .first()
            .asString()
            .startsWith("starting PostgreSQL in ");
        assertThat(lines)
            .extracting(line -> line.path("message").textValue())
            .contains("PediScreen Telemetry is ready at " + server.uri(""));
        assertThat(lines)
            .extracting(line -> line.path("message").textValue())
            .anyMatch(message -> message.endsWith(":" + metricsPort + "/metrics"));
        assertThat(lines.get(0).at("/serviceContext/service").textValue())
            .isEqualTo("pedi-telemetry");
        assertThat(lines.get(0).at("/serviceContext/version").textValue()).startsWith("0.");
      }
      assertThat(sentry.events()).isEmpty();
    }
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
