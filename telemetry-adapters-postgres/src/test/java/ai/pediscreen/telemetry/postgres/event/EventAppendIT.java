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
  @DisplayName("Events that are fresh take one round trip, whatever their number and organisations")
  void freshEvents_takeOneRoundTrip() {
    PostgresSettings settings =
        PostgresSettings.of(url + "&socketFactory=" + RoundTrips.class.getName(), null, null);
    try (PostgresTelemetry counted = TestDatabase.openWithoutFolding(settings)) {
      // The first few prepare the statement and make the day's partition.
      IntStream.range(0, 20).forEach(i -> append(counted, "warm-" + i, 1));

      assertThat(RoundTrips.during(() -> append(counted, "one", 1))).isEqualTo(1);
      assertThat(RoundTrips.during(() -> append(counted, "many", 300))).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("Where some are known already, a second round trip adds the others")
  void partlyKnownEvents_takeTwoRoundTrips() {
    PostgresSettings settings =
        PostgresSettings.of(url + "&socketFactory=" + RoundTrips.class.getName(), null, null);
    try (PostgresTelemetry counted = TestDatabase.openWithoutFolding(settings)) {
      IntStream.range(0, 20).forEach(i -> append(counted, "warm-" + i, 1));
      append(counted, "some", 10);

      assertThat(RoundTrips.during(() -> append(counted, "some", 20))).isEqualTo(2);
    }
  }

  /** Appends events of several organisations, some of which may be stored already. */
  private static void append(PostgresTelemetry telemetry, String ids, int count) {
    List<TelemetryEvent> events =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    TelemetryEvent.builder(ids + "-" + i, Instant.now())
                        .org("org-" + i % 5)
                        .status(200)
                        .build())
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .hasSize(count)
        .contains(Receipt.accepted());
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
