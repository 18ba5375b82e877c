package ai.pediscreen.telemetry.postgres.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventAppendIT {

  private final Instant now = Instant.now();

  private final TestDatabase database = TestDatabase.create();

  private final String url = database.settings(InstantSource.system()).jdbcUrl();

  /** By the clock of the database. */
  private final PostgresTelemetry telemetry =
      TestDatabase.openWithoutFolding(PostgresSettings.of(url, null, null));

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("An erasure tells by it which events came after it, and takes the writers' lock")
  void anEvent_isReceived_onceItsTransactionHasTheWritersLock() throws Exception {
    CompletableFuture<List<Receipt>> appended;
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      execute(other, "SELECT pg_advisory_xact_lock(" + AdvisoryLock.WRITERS + ")");
      appended =
          CompletableFuture.supplyAsync(
              () -> telemetry.events().append(OrgPermission.all(), List.of(event("e", Map.of()))));
      database.await(
          "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
              + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
      execute(other, "CREATE TABLE released AS SELECT clock_timestamp() AS at");
      other.commit();
    }
    assertThat(appended.get()).containsExactly(Receipt.accepted());
    assertThat(database.value("SELECT received_at > at FROM event_ledger, released"))
        .isEqualTo("t");
  }

  @Test
  void urlThatTearsStatementsApart_isRefused() {
    PostgresSettings settings = PostgresSettings.of(url + "&preferQueryMode=simple", null, null);

    assertThatThrownBy(() -> PostgresTelemetry.open(settings, Duration.ZERO))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("preferQueryMode=simple");
  }

  @Test
  @DisplayName("Events of the largest size are stored by several statements, none too large")
  void largeEvents_areStored_aFewAtATime() {
    Map<String, Object> large = Map.of("text", "x".repeat(200_000));
    List<TelemetryEvent> events =
        IntStream.range(0, 100).mapToObj(i -> event("e" + i, large)).toList();

    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .hasSize(100)
        .containsOnly(Receipt.accepted());

    assertThat(database.value("SELECT max(events) FROM usage_pending")).isEqualTo("42");
    assertThat(database.value("SELECT sum(events) FROM usage_pending")).isEqualTo("100");
  }

  @Test
  @DisplayName("Fresh events of one statement take one round trip, whatever their organisations")
  void freshEvents_takeOneRoundTrip() {
    List<TelemetryEvent> one = events("one", 1);
    List<TelemetryEvent> many = events("many", 300);
    try (PostgresTelemetry counted = openCounted()) {
      assertThat(RoundTrips.during(() -> append(counted, one))).isEqualTo(1);
      assertThat(RoundTrips.during(() -> append(counted, many))).isEqualTo(1);
    }
    assertThat(database.value("SELECT count(*) FROM event WHERE event_id LIKE 'many-%'"))
        .isEqualTo("300");
  }

  @Test
  @DisplayName("Where some are known already, a second round trip adds the others")
  void partlyKnownEvents_takeTwoRoundTrips() {
    List<TelemetryEvent> twenty = events("some", 20);
    try (PostgresTelemetry counted = openCounted()) {
      append(counted, twenty.subList(0, 10));

      assertThat(RoundTrips.during(() -> append(counted, twenty))).isEqualTo(2);
    }
    assertThat(database.value("SELECT count(*) FROM event WHERE event_id LIKE 'some-%'"))
        .isEqualTo("20");
  }

  /** Its first appends have prepared the statement and made the day's partition. */
  private PostgresTelemetry openCounted() {
    PostgresTelemetry counted =
        TestDatabase.openWithoutFolding(
            PostgresSettings.of(url + "&socketFactory=" + RoundTrips.class.getName(), null, null));
    events("warm", 20).forEach(event -> append(counted, List.of(event)));
    return counted;
  }

  private static void append(PostgresTelemetry telemetry, List<TelemetryEvent> events) {
    telemetry.events().append(OrgPermission.all(), events);
  }

  /** Events of several organisations. */
  private List<TelemetryEvent> events(String ids, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> TelemetryEvent.builder(ids + "-" + i, now).org("org-" + i % 5).status(200).build())
        .toList();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static TelemetryEvent event(String id, Map<String, Object> request) {
    return TelemetryEvent.builder(id, Instant.now()).request(request).status(200).build();
  }
}
