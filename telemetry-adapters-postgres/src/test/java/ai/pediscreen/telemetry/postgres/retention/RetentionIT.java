package ai.pediscreen.telemetry.postgres.retention;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresMaintenance;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RetentionIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  /** The documentation has what a larger number came to. */
  private static final int EVENTS_A_DAY = Integer.getInteger("telemetry.month.events", 300);

  private static final int BATCH = 500;
  private static final String PARTITIONS =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = CAST('event' AS regclass)";

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final InstantSource clock = now::get;
  private PostgresTelemetry telemetry = database.openWithoutFolding(clock);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("A start with the clock two years ahead deletes nothing until it is confirmed")
  void retention_deletesNothing_afterAClockJump_untilConfirmed() {
    append("kept", NOW);
    TestDatabase.fold(telemetry);
    telemetry.maintenance().run();
    now.set(NOW.plus(730, ChronoUnit.DAYS));
    reopen();

    telemetry.maintenance().run();
    telemetry.maintenance().run();

    assertThat(telemetry.maintenance().retention().waiting()).isTrue();
    assertThat(telemetry.maintenance().retention().droppedDays()).isZero();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("1");
    assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("1");
    assertThat(database.value("SELECT count(*) FROM usage_rollup WHERE width_minutes = 1"))
        .isEqualTo("1");

    now.set(NOW.plus(1, ChronoUnit.HOURS));
    telemetry.maintenance().run();
    assertThat(telemetry.maintenance().retention().waiting()).isFalse();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("1");

    now.set(NOW.plus(730, ChronoUnit.DAYS));
    assertThat(telemetry.maintenance().confirmRetention()).isEqualTo(LocalDate.of(2028, 2, 8));
    database.execute("UPDATE event_ledger SET received_at = '2026-03-10T12:00:00Z'");
    telemetry.maintenance().run();
    assertThat(telemetry.maintenance().retention().waiting()).isFalse();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("0");
    assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("0");
  }

  @Test
  @DisplayName("A clock that creeps, or a retention that is cut short, takes no more than a week")
  void moreThanAWeekOfDays_isNotDroppedAtOnce_untilConfirmed() {
    for (int day = 0; day < 12; day++) {
      append("e" + day, NOW.minus(10 + day, ChronoUnit.DAYS));
    }
    telemetry.maintenance().run();
    keepFor(11);

    telemetry.maintenance().run();
    assertThat(telemetry.maintenance().retention().waiting()).isTrue();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("12");

    assertThat(telemetry.maintenance().expiredDays()).isEqualTo(10);
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    assertThat(telemetry.maintenance().retention().droppedDays()).isEqualTo(10);
    assertThat(telemetry.maintenance().expiredDays()).isZero();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("2");
  }

  @Test
  @DisplayName("A confirmation is used up once days are kept longer again")
  void confirmation_doesNotCoverDaysKeptAgainMeanwhile() {
    telemetry.maintenance().run();
    keepFor(11);
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    keepFor(400);
    telemetry.maintenance().run();
    for (int day = 0; day < 12; day++) {
      append("e" + day, NOW.minus(12 + day, ChronoUnit.DAYS));
    }
    keepFor(11);

    telemetry.maintenance().run();

    assertThat(telemetry.maintenance().retention().waiting()).isTrue();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("12");
  }

  private void keepFor(int days) {
    telemetry.close();
    telemetry = TestDatabase.openWithoutFolding(database.settings(clock).withRetentionDays(days));
  }

  @Test
  @DisplayName("An older database tells by its partitions when it was last maintained")
  void databaseOfAnOlderVersion_hasATimeOfItsLastMaintenance() {
    append("kept", NOW);
    telemetry.maintenance().run();
    telemetry.close();
    database.widenLedger();
    String older =
        "DROP TABLE retention_clock, write_probe, alert, alert_message, alert_delivery,"
            + " alert_clock, earlier_aggregate; DROP FUNCTION make_event_day, drop_event_day,"
            + " index_event_day, expire_audit_entries; DROP TABLE audit_entry, audit_chain; DROP"
            + " FUNCTION audit_entry_stays(); DROP TABLE erasure, erasure_key, legal_hold,"
            + " pseudonym_key; DROP FUNCTION erased_event_id, erased_key, ledger_key, erased_id; DROP INDEX"
            + " event_default_by_event_id, event_default_by_trace_id, event_default_by_case_id,"
            + " event_default_by_user_id; ALTER TABLE event DROP COLUMN erased; ALTER TABLE"
            + " event_ledger DROP COLUMN erased; ALTER TABLE event %1$s; ALTER TABLE usage_rollup"
            + " %1$s, DROP COLUMN unpriced; ALTER TABLE daily_aggregate %1$s, DROP COLUMN unpriced;"
            + " ALTER TABLE usage_scope DROP COLUMN bounded_on; ALTER TABLE access_key DROP COLUMN"
            + " events_per_second, DROP COLUMN last_used_at; DELETE FROM flyway_schema_history"
            + " WHERE installed_rank >= (SELECT installed_rank FROM flyway_schema_history WHERE"
            + " script LIKE '%%retention_clock.sql')";
    String tokens =
        Stream.of("input", "cache_read", "cache_write", "output", "reasoning")
            .map("DROP COLUMN %s_tokens"::formatted)
            .collect(Collectors.joining(", "));
    database.execute(older.formatted(tokens));
    reopen();
    assertThat(database.value("SELECT trusted_at = '2026-03-11T00:00:00Z' FROM retention_clock"))
        .isEqualTo("t");
  }

  @Test
  @DisplayName("A large ledger is pruned in small transactions, beside those who append")
  void largeLedger_isPrunedInSmallTransactions() {
    database.execute(
        """
        INSERT INTO event_ledger (org_id, key, received_at)
        SELECT 'org', gen_random_uuid(), '2026-01-01T00:00:00Z' FROM generate_series(1, 100000) AS i;
        CREATE FUNCTION few() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF (SELECT count(*) FROM gone) > 40000 THEN RAISE EXCEPTION 'too many at once'; END IF;
          RETURN NULL; END $$;
        CREATE TRIGGER few AFTER DELETE ON event_ledger REFERENCING OLD TABLE AS gone
          FOR EACH STATEMENT EXECUTE FUNCTION few()
        """);
    append("new", NOW);

    telemetry.maintenance().run();

    assertThat(
            database.value(
                "SELECT count(*) FROM event_ledger AS ledger"
                    + " JOIN event ON key = ledger_key(event.org_id, event.event_id)"))
        .isEqualTo("1");
    assertThat(telemetry.maintenance().retention())
        .isEqualTo(new PostgresMaintenance.Retained(false, 0, 100_000, 1));
  }

  @Test
  @DisplayName("A reader keeps a partition for as long as it reads, and no longer")
  void partitionBeingRead_isDroppedByALaterRun_andBlocksNothing() throws Exception {
    append("old", NOW.minus(30, ChronoUnit.DAYS));
    telemetry.maintenance().run();
    now.set(NOW.plus(1, ChronoUnit.DAYS));
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN ACCESS SHARE MODE");
      telemetry.maintenance().run();
      append("meanwhile", now.get());
      assertThat(telemetry.maintenance().retention().droppedDays()).isZero();
    }
    telemetry.maintenance().run();
    assertThat(telemetry.maintenance().retention().droppedDays()).isEqualTo(1);
    assertThat(database.value("SELECT string_agg(event_id, ',') FROM event"))
        .isEqualTo("meanwhile");
  }

  /** Events come from two senders while retention is at it, as they do when it is midnight. */
  @Test
  @Timeout(value = 12, unit = TimeUnit.HOURS)
  @DisplayName("30 days of a fast clock with a retention of 7: disk and ledger stay flat")
  void weeksOfAFastClock_keepDiskAndLedgerBounded() throws Exception {
    telemetry.close();
    telemetry = TestDatabase.openWithoutFolding(database.settings(clock).withRetentionDays(7));
    List<Long> ledgerBytes = new ArrayList<>();
    List<Long> eventBytes = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int day = 0; day < 37; day++) {
        Instant today = NOW.plus(day, ChronoUnit.DAYS);
        now.set(today);
        database.execute("ALTER TABLE event_ledger ALTER received_at SET DEFAULT '" + today + "'");
        int number = day;
        List<Future<?>> work = new ArrayList<>();
        work.add(threads.submit(telemetry.maintenance()::run));
        work.add(threads.submit(() -> appendDay(number, 0, EVENTS_A_DAY / 2)));
        work.add(threads.submit(() -> appendDay(number, EVENTS_A_DAY / 2, EVENTS_A_DAY)));
        for (Future<?> part : work) {
          part.get();
        }
        TestDatabase.fold(telemetry);
        // What autovacuum does by itself, a little later.
        database.execute("VACUUM event_ledger");
        ledgerBytes.add(bytes("pg_total_relation_size('event_ledger')"));
        eventBytes.add(
            bytes("(SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('event'))"));
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "RetentionIT: %d events a day; bytes by day of the ledger %s, of the events %s%n",
        EVENTS_A_DAY, ledgerBytes, eventBytes);
    assertThat(database.value(PARTITIONS)).isEqualTo(Integer.toString(1 + 7 + 1 + 7));
    assertThat(database.value("SELECT count(*) FROM event_ledger"))
        .isEqualTo(Integer.toString(8 * EVENTS_A_DAY));
    assertFlat(ledgerBytes);
    assertFlat(eventBytes);
  }

  private void appendDay(int day, int from, int to) {
    Instant today = now.get();
    for (int first = from; first < to; first += BATCH) {
      assertThat(
              telemetry
                  .events()
                  .append(
                      OrgPermission.all(),
                      IntStream.range(first, Math.min(to, first + BATCH))
                          .mapToObj(i -> event("d" + day + "-" + i, today.minusMillis(i)))
                          .toList()))
          .containsOnly(Receipt.accepted());
    }
  }

  /** The last two weeks take no more than the two before. */
  private static void assertFlat(List<Long> bytes) {
    assertThat(Collections.max(bytes.subList(23, 37)))
        .isLessThanOrEqualTo(Collections.max(bytes.subList(9, 23)) * 21 / 20);
  }

  private long bytes(String expression) {
    return Long.parseLong(database.value("SELECT " + expression));
  }

  private void reopen() {
    telemetry.close();
    telemetry = database.openWithoutFolding(clock);
  }

  private void append(String id, Instant timestamp) {
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(event(id, timestamp))))
        .containsExactly(Receipt.accepted());
  }

  private static TelemetryEvent event(String id, Instant timestamp) {
    return TelemetryEvent.fromMap(
        Map.of(
            "event_id", id,
            "timestamp", timestamp.toString(),
            "model", Map.of("model_id", "m"),
            "response", Map.of("status_code", 200, "latency_ms", 5)));
  }
}
