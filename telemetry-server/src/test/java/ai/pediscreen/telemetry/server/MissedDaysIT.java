package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MissedDaysIT {

  @Test
  @DisplayName("stop the server for three days, start it, all three are there")
  void daysThatAServerMissed_areComputedWhenItStarts() {
    try (PostgresServer server = PostgresServer.start()) {
      StringBuilder events = new StringBuilder();
      for (int day = 10; day <= 13; day++) {
        for (int i = 0; i < 12; i++) {
          events.append(
              """
              {"event_id":"e-%1$d-%2$d","timestamp":"2026-03-%1$dT08:00:00Z",\
              "model":{"model_id":"m"},"response":{"latency_ms":%3$d,"status_code":200}}
              """
                  .formatted(day, i, day * i));
        }
      }
      // Senders' clocks may run ahead: all four days are in before the first is over.
      assertThat(
              Http.postJson(
                      server.uri().resolve("/events"),
                      "[" + events.toString().strip().replace("\n", ",") + "]")
                  .statusCode())
          .isEqualTo(202);
      URI aggregates = URI.create("/aggregates/daily?from=2026-03-01&to=2026-03-20");
      assertThat(rows(server, aggregates)).isEmpty();

      server.restartAt(Instant.parse("2026-03-13T12:00:00Z"));
      Waiting.until(
          "three days are there",
          Duration.ofSeconds(30),
          () -> rows(server, aggregates).size() == 3);

      JsonNode rows = rows(server, aggregates);
      assertThat(rows)
          .extracting(row -> row.path("date").textValue())
          .containsExactly("2026-03-10", "2026-03-11", "2026-03-12");
      assertThat(rows)
          .extracting(row -> row.path("reference_count").intValue())
          .containsExactly(0, 12, 24);
      assertThat(rows.get(2).path("psi").isNumber()).isTrue();
    }
  }

  private static JsonNode rows(PostgresServer server, URI path) {
    return Http.json(Http.get(server.uri().resolve(path))).path("aggregates");
  }
}
