package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Export by the whole server, over HTTP, PostgreSQL, gRPC and a fake BigQuery. */
class ExportIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void eventsAndDays_areExported_andADayAgainAfterALateEvent() {
    try (PostgresServer server = PostgresServer.start(settings())) {
      Instant now = server.clock().instant();
      post(server, "a", now);
      post(server, "b", now.minus(Duration.ofDays(1)));
      awaitRows("events", 2);
      assertThat(Http.postJson(server.uri().resolve("/jobs/daily-aggregates"), "{}").statusCode())
          .isEqualTo(202);
      awaitRows("daily_aggregates", 2);
      assertThat(fake.values("daily_aggregates", "calls")).containsOnly("1");

      post(server, "c", now.minus(Duration.ofDays(1)));
      assertThat(Http.postJson(server.uri().resolve("/jobs/daily-aggregates"), "{}").statusCode())
          .isEqualTo(202);
      Waiting.until(
          "the day is there again",
          LIMIT,
          () -> fake.values("daily_aggregates", "calls").equals(List.of("2", "2")));
      awaitRows("events", 3);
      assertThat(fake.jobIds()).hasSize(2);
      assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  @Test
  void drift_isExported_forWeekAndWeekdays() {
    try (PostgresServer server = PostgresServer.start(settings())) {
      Instant yesterday = server.clock().instant().minus(Duration.ofDays(1));
      for (int daysBefore : new int[] {0, 7, 14, 21}) {
        for (int i = 0; i < 10; i++) {
          post(server, daysBefore + "-" + i, yesterday.minus(Duration.ofDays(daysBefore)));
        }
      }
      assertThat(Http.postJson(server.uri().resolve("/jobs/daily-aggregates"), "{}").statusCode())
          .isEqualTo(202);
      String day = LocalDate.ofInstant(yesterday, ZoneOffset.UTC).toString();
      // Of all organisations together, and of the one.
      Waiting.until(
          "four comparisons of " + day,
          LIMIT,
          () ->
              fake.rows("daily_drift").stream().filter(row -> day.equals(row.get("date"))).count()
                  == 4);
      assertThat(fake.rows("daily_drift"))
          .filteredOn(row -> day.equals(row.get("date")))
          .extracting(row -> row.get("org_id"), row -> row.get("reference"), row -> row.get("psi"))
          .containsExactlyInAnyOrder(
              tuple(null, "week", 0.0),
              tuple("o", "week", 0.0),
              tuple(null, "weekdays", 0.0),
              tuple("o", "weekdays", 0.0));
    }
  }

  @Test
  void bigQueryOutage_blocksNothing_andNothingIsLost() {
    fake.refuseRest("503 backendError down");
    try (PostgresServer server = PostgresServer.start(settings())) {
      Instant now = server.clock().instant();
      for (int i = 0; i < 20; i++) {
        post(server, "e-" + i, now);
      }
      assertThat(fake.rows("events")).isEmpty();
      fake.acceptRest();
      awaitRows("events", 20);
    }
  }

  @Test
  void refusedEvent_isADeadLetter_andTheRestIsExported() {
    fake.refuseEvents(Set.of("bad"));
    try (PostgresServer server = PostgresServer.start(settings())) {
      Instant now = server.clock().instant();
      List.of("good-1", "bad", "good-2").forEach(id -> post(server, id, now));
      awaitRows("events", 2);
      assertThat(ids()).containsExactlyInAnyOrder("good-1", "good-2");
    }
  }

  @Test
  void ofTwoServers_oneExports_andTheOtherTakesOver() {
    String database = PostgresServer.freshDatabase();
    try (PostgresServer second = startedAfter(database)) {
      post(second, "b", second.clock().instant());
      awaitRows("events", 2);
      assertThat(ids()).containsExactly("a", "b");
      assertThat(fake.streamsOpened()).isOne();
    }
  }

  /** A server that was started while another one exported, which is gone. */
  private PostgresServer startedAfter(String database) {
    try (PostgresServer first = PostgresServer.start(database, settings())) {
      PostgresServer second = PostgresServer.start(database, settings());
      post(second, "a", second.clock().instant());
      awaitRows("events", 1);
      assertThat(first.uri()).isNotEqualTo(second.uri());
      return second;
    }
  }

  private Map<String, String> settings() {
    return settings(fake);
  }

  /** For a server that exports to a fake. */
  static Map<String, String> settings(FakeBigQuery fake) {
    return Map.of(
        "ENABLE_BIGQUERY", "true",
        "BIGQUERY_PROJECT", fake.project(),
        "BIGQUERY_ENDPOINT", fake.endpoint().toString(),
        "BIGQUERY_WRITE_ENDPOINT", fake.writeEndpoint().toString());
  }

  private void awaitRows(String table, int rows) {
    Waiting.until(rows + " rows in " + table, LIMIT, () -> fake.rows(table).size() == rows);
  }

  private List<String> ids() {
    return fake.values("events", "event_id");
  }

  private static void post(PostgresServer server, String id, Instant timestamp) {
    assertThat(
            Http.postJson(
                    server.uri().resolve("/events"),
                    """
                    {"event_id":"%s","org_id":"o","timestamp":"%s","model":{"model_id":"m"},
                     "response":{"latency_ms":7,"status_code":200}}
                    """
                        .formatted(id, timestamp))
                .statusCode())
        .isEqualTo(202);
  }
}
