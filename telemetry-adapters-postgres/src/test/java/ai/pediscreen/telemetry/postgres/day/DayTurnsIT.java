package ai.pediscreen.telemetry.postgres.day;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What happens while a day is being computed. A lock on a table that a computation writes holds it
 * up after it has read its events, for as long as a test needs.
 */
@Timeout(60)
class DayTurnsIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate DAY = LocalDate.of(2026, 3, 9);
  private static final String HOLD = "LOCK TABLE drift_record IN ACCESS EXCLUSIVE MODE";
  private static final String HELD_UP =
      "SELECT count(*) FROM pg_locks JOIN pg_database AS db ON db.oid = database"
          + " WHERE NOT granted AND datname = current_database()";

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final PostgresTelemetry telemetry =
      PostgresTelemetry.open(database.settings(now::get), Duration.ZERO);
  private int appended;

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("ingestion never waits for a computation, and what it adds meanwhile is not lost")
  void eventDuringTheComputation_isStoredAtOnce_andReopensTheDay() throws Exception {
    append(DAY);
    CompletableFuture<Integer> computed;
    try (Hold hold = new Hold()) {
      hold.execute(HOLD);
      computed = compute();
      awaitHeldUp(1);
      append(DAY);
      // The partitions of a new day are made, and those past retention dropped, meanwhile.
      now.set(NOW.plus(1, ChronoUnit.DAYS));
      telemetry.maintenance().run();
      append(LocalDate.of(2026, 3, 11));
    }
    assertThat(computed.join()).isEqualTo(1);
    assertThat(calls()).isEqualTo(1);
    assertThat(telemetry.days().due()).containsExactly(DAY);

    assertThat(telemetry.days().compute(DAY)).isEqualTo(1);
    assertThat(calls()).isEqualTo(2);
    assertThat(telemetry.days().due()).isEmpty();
    assertThat(database.value("SELECT count(*) FROM late_day")).isEqualTo("0");
  }

  @Test
  @DisplayName("concurrent workers never compute one day twice at once")
  void secondWorker_waitsForTheFirst_andFindsNothingToDo() throws Exception {
    append(DAY);
    CompletableFuture<Integer> first;
    CompletableFuture<Integer> second;
    CompletableFuture<Integer> next;
    try (Hold hold = new Hold()) {
      hold.execute(HOLD);
      first = compute();
      awaitHeldUp(1);
      second = compute();
      append(DAY.minusDays(1));
      next = CompletableFuture.supplyAsync(() -> telemetry.days().compute(DAY.minusDays(1)));
      awaitHeldUp(3);
    }
    assertThat(first.join()).isEqualTo(1);
    assertThat(second.join()).isEqualTo(1);
    assertThat(next.join()).isEqualTo(1);
    // The day before was computed after the day, or between both workers: compared again at once
    // or due.
    if (!telemetry.days().due().isEmpty()) {
      telemetry.days().compute(DAY);
    }
    assertThat(telemetry.days().due()).isEmpty();
    assertThat(telemetry.days().computed(DAY, DAY))
        .extracting(ComputedDay::revision)
        .containsExactly(2L);
  }

  @Test
  void workerThatDies_leavesTheDayUnchanged_forTheNext() throws Exception {
    append(DAY);
    telemetry.days().compute(DAY);
    append(DAY);
    try (Hold hold = new Hold()) {
      hold.execute(HOLD);
      CompletableFuture<Integer> dying = compute();
      awaitHeldUp(1);
      database.value(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
      assertThatThrownBy(dying::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class);
    }
    assertThat(calls()).isEqualTo(1);
    assertThat(telemetry.days().due()).containsExactly(DAY);
    telemetry.days().compute(DAY);
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void openCommits_areAwaited_beforeTheSnapshotIsTaken() throws Exception {
    append(DAY);
    TestDatabase.fold(telemetry);
    CompletableFuture<Integer> computed;
    try (Hold committer = new Hold()) {
      committer.execute("SELECT pg_advisory_xact_lock_shared(" + AdvisoryLock.WRITERS + ")");
      computed = compute();
      awaitHeldUp(1);
      // Others are not held up for longer than the computation waits at a time.
      append(DAY.plusDays(1));
      // What the committer that is still out adds.
      committer.execute(
          "INSERT INTO event (ts, org_id, event_id, model_id, error, payload)"
              + " VALUES ('2026-03-09T23:59:59Z', '', 'last', 'm', FALSE, '{}')");
      committer.execute("UPDATE usage_rollup SET calls = calls + 1 WHERE bucket = '2026-03-09Z'");
      assertThat(computed).isNotDone();
    }
    computed.join();
    assertThat(calls()).isEqualTo(2);
    assertThat(telemetry.days().due()).isEmpty();
  }

  @Test
  void daysPastRetention_keepTheirAggregates() {
    append(DAY);
    telemetry.days().compute(DAY);
    now.set(NOW.plus(TestDatabase.RETENTION_DAYS, ChronoUnit.DAYS));
    append(DAY);
    telemetry.maintenance().run();
    assertThat(telemetry.days().due()).isEmpty();
    assertThat(telemetry.days().compute(DAY)).isEqualTo(1);
    assertThat(calls()).isEqualTo(1);
    assertThat(database.value("SELECT count(*) FROM late_day")).isEqualTo("0");
  }

  @Test
  void dayWithIncompleteRawEvents_keepsItsAggregates() {
    append(DAY);
    telemetry.days().compute(DAY);
    database.execute("DELETE FROM event");
    append(DAY);
    append(DAY.minusDays(1));
    database.execute("DELETE FROM event WHERE ts < '2026-03-09T00:00:00Z'");

    for (LocalDate due : telemetry.days().due()) {
      telemetry.days().compute(due);
    }

    assertThat(telemetry.days().due()).isEmpty();
    assertThat(calls()).isEqualTo(1);
  }

  private CompletableFuture<Integer> compute() {
    return CompletableFuture.supplyAsync(() -> telemetry.days().compute(DAY));
  }

  private void append(LocalDate day) {
    assertThat(
            telemetry
                .events()
                .append(
                    OrgPermission.all(),
                    List.of(
                        event("e-" + appended++)
                            .at(day + "T13:00:00Z")
                            .model("m")
                            .latency(5L)
                            .build())))
        .containsExactly(Receipt.accepted());
  }

  private long calls() {
    List<DailyAggregate> rows =
        telemetry.days().aggregates(new DayFilter(OrgFilter.all(), "m", DAY, DAY));
    assertThat(rows).hasSize(1);
    return rows.get(0).calls();
  }

  private void awaitHeldUp(int sessions) {
    long start = System.nanoTime();
    while (Integer.parseInt(database.value(HELD_UP)) < sessions) {
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("%d sessions wait", sessions)
          .isLessThan(Duration.ofSeconds(10));
    }
  }

  /** A transaction that stays open until it is closed. */
  private final class Hold implements AutoCloseable {
    private final Connection connection = database.connect();

    Hold() throws SQLException {
      connection.setAutoCommit(false);
    }

    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public void close() throws SQLException {
      connection.commit();
      connection.close();
    }
  }
}
