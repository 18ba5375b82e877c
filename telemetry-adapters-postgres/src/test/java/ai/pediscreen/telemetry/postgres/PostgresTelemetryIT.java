package ai.pediscreen.telemetry.postgres;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.partition.EventPartitions;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
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
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PostgresTelemetryIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final String PARTITIONS =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = CAST('event' AS regclass)";

  private static final String LOCK_WAITER =
      "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')";

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final InstantSource clock = now::get;
  private PostgresTelemetry telemetry = open();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("Timestamps far in the past or future must not be an attack")
  void eventsOfTenThousandDays_areStored_withoutATableEach() {
    List<TelemetryEvent> events =
        IntStream.range(0, 10_000)
            .mapToObj(
                day ->
                    event(
                        "e" + day,
                        Instant.parse("2180-01-01T00:00:00Z").minus(day * 6L, ChronoUnit.DAYS)))
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.accepted());
    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.duplicate());
    telemetry.maintenance().run();
    // The default one, today and a week ahead, and the days of the retention that had events.
    assertThat(database.value(PARTITIONS)).isEqualTo("14");
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(5);
  }

  @Test
  @DisplayName("1 000 organisations × 20 models do not make the question over all of them slower")
  void queryOverAll_readsRowsByModelAndHour_forAnyNumberOfOrganisations() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int org = 0; org < 1_000; org++) {
      for (int model = 0; model < 20; model++) {
        events.add(
            TelemetryEvent.fromMap(
                Map.of(
                    "event_id", "e" + model,
                    "org_id", "org-" + org,
                    "timestamp", NOW.minusSeconds(7_200).toString(),
                    "model", Map.of("model_id", "model-" + model),
                    "response", Map.of("status_code", 200, "latency_ms", org))));
      }
    }
    for (int from = 0; from < events.size(); from += 2_000) {
      assertThat(telemetry.events().append(OrgPermission.all(), events.subList(from, from + 2_000)))
          .containsOnly(Receipt.accepted());
    }
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(20_000);
    assertThat(overviewRequests(OrgFilter.of("org-7"))).isEqualTo(20);
    telemetry.fold();
    // The rows that a question over all organisations can meet: one for each model and width.
    assertThat(database.value("SELECT count(*) FROM usage_rollup WHERE scope = '*'"))
        .isEqualTo(Integer.toString(20 * 3));
  }

  @Test
  @DisplayName("A row that the database refuses is found and refused alone")
  void poisonEvent_isRefusedAlone_inEveryPosition() {
    database.execute(
        "ALTER TABLE event ADD CONSTRAINT no_poison CHECK (event_id NOT LIKE 'poison%')");
    for (int position = 0; position < 7; position++) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        String id = (i == position ? "poison-" : "fine-") + position + "-" + i;
        events.add(event(id, NOW.minusSeconds(60)));
      }
      List<Receipt> receipts = telemetry.events().append(OrgPermission.all(), events);
      List<Receipt> expected = new ArrayList<>(Collections.nCopies(7, Receipt.accepted()));
      expected.set(position, Receipt.refused("the database cannot hold it (SQLSTATE 23514)"));
      assertThat(receipts).isEqualTo(expected);
    }
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(42);
    assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("42");
  }

  @Test
  void eventsAreKnown_byTheKeyThatTheSchemaComputes() {
    List<TelemetryEvent> events =
        List.of(
            EventBuilder.event("ключ-😀").org("Köln").at(NOW).build(),
            EventBuilder.event("of-none").at(NOW).build());
    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.accepted());

    assertThat(
            database.value(
                "SELECT count(*) FROM event JOIN event_ledger"
                    + " ON key = ledger_key(event.org_id, event.event_id)"))
        .isEqualTo("2");
  }

  @Test
  void eventsBeyondThePartitions_moveIntoTheirPartition_beforeItsDay() {
    Instant ahead = NOW.plus(20, ChronoUnit.DAYS);
    telemetry.events().append(OrgPermission.all(), List.of(event("ahead", ahead)));
    assertThat(database.value("SELECT count(*) FROM event_default")).isEqualTo("1");
    now.set(NOW.plus(15, ChronoUnit.DAYS));
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event_default")).isEqualTo("0");
    assertThat(database.value("SELECT event_id FROM event_p20260330")).isEqualTo("ahead");
    now.set(ahead.plusSeconds(60));
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(1);
  }

  @Test
  void partition_isCreated_withTheFirstEventOfItsDay() {
    telemetry
        .events()
        .append(OrgPermission.all(), List.of(event("a", NOW.minus(29, ChronoUnit.DAYS))));
    telemetry
        .events()
        .append(OrgPermission.all(), List.of(event("b", NOW.minus(31, ChronoUnit.DAYS))));

    assertThat(database.value("SELECT event_id FROM event_p20260209")).isEqualTo("a");
    assertThat(database.value("SELECT event_id FROM event_default")).isEqualTo("b");
    assertThat(database.value(PARTITIONS)).isEqualTo("2");
  }

  @Test
  @DisplayName("A question that has begun sees events whose partition is made meanwhile")
  void eventsBeingMoved_areSeenByAQueryThatHasBegun() {
    Instant ahead = NOW.plus(20, ChronoUnit.DAYS);
    telemetry.events().append(OrgPermission.all(), List.of(event("ahead", ahead)));
    now.set(NOW.plus(15, ChronoUnit.DAYS));
    try (Database reader = Opening.pooled(database.settings(clock))) {
      String seen =
          reader.read(
              OrgFilter.all(),
              handle -> {
                String state = "SELECT count(*) FROM ";
                handle.createQuery(state + "late_day").mapTo(String.class).one();
                telemetry.maintenance().run();
                return handle.createQuery(state + "event").mapTo(String.class).one();
              });
      assertThat(seen).isEqualTo("1");
    }
    telemetry.maintenance().run();
    assertThat(database.value("SELECT event_id FROM event_p20260330")).isEqualTo("ahead");
  }

  @Test
  @DisplayName("Where a partition takes long to make, events of many days do not wait for them all")
  void slowPartitions_areLeftToMaintenance() {
    database.execute(
        """
        CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(0.1); END';
        CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION slow()
        """);
    List<TelemetryEvent> events = new ArrayList<>();
    for (int day = 0; day < 25; day++) {
      events.add(event("day-" + day, NOW.minus(day, ChronoUnit.DAYS)));
    }
    for (int part = 0; part < 25; part += 5) {
      assertThat(telemetry.events().append(OrgPermission.all(), events.subList(part, part + 5)))
          .containsOnly(Receipt.accepted());
    }
    // Made are those that were begun within the time that is given to them.
    assertThat(Integer.parseInt(database.value(PARTITIONS))).isBetween(1, 4);

    database.execute("DROP EVENT TRIGGER slow");
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event_default")).isEqualTo("0");
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(25);
  }

  @Test
  @DisplayName("A dump or a long question holds up neither the start, nor events, nor maintenance")
  void readerOfTheWholeTable_blocksNothing() throws Exception {
    Instant ahead = NOW.plus(3, ChronoUnit.DAYS);
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE event, event_default IN ACCESS SHARE MODE");
      assertThat(
              telemetry
                  .events()
                  .append(OrgPermission.all(), List.of(event("now", NOW), event("ahead", ahead))))
          .containsOnly(Receipt.accepted());
      telemetry.maintenance().run();
      try (PostgresTelemetry second = open()) {
        assertThat(second.events().append(OrgPermission.all(), List.of(event("second", NOW))))
            .containsOnly(Receipt.accepted());
      }
      assertThat(database.value("SELECT count(*) FROM event_default")).isEqualTo("3");
      assertThat(overviewRequests(OrgFilter.all())).isEqualTo(2);
    }
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event_default")).isEqualTo("0");
    assertThat(database.value("SELECT count(*) FROM event_p20260310")).isEqualTo("2");
    assertThat(overviewRequests(OrgFilter.all())).isEqualTo(2);
  }

  @Test
  @DisplayName("A question under way when maintenance begins leaves no day without a partition")
  void partitions_areCreated_onceAQueryHasEnded() throws Exception {
    ExecutorService maintenance = Executors.newSingleThreadExecutor();
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE event_default IN ACCESS SHARE MODE");
      Future<?> done = maintenance.submit(telemetry.maintenance()::run);
      awaitLockWaiter();
      awaitNoLockWaiter();
      reader.rollback();
      done.get();
    } finally {
      maintenance.shutdown();
    }
    assertThat(database.value("SELECT to_regclass('event_p20260310') IS NOT NULL")).isEqualTo("t");
  }

  private void awaitNoLockWaiter() {
    database.await("NOT " + LOCK_WAITER);
  }

  @Test
  @DisplayName("An event that comes while another server makes the partition of its day is stored")
  void eventOfADay_whosePartitionIsBeingCreated_waitsAndIsStored() throws Exception {
    LocalDate day = LocalDate.of(2026, 3, 13);
    Instant ahead = NOW.plus(3, ChronoUnit.DAYS);
    ExecutorService sender = Executors.newSingleThreadExecutor();
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement();
        Database other = Opening.pooled(database.settings(clock))) {
      // This server cannot make the partition, and leaves it alone for a minute.
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE event_default IN ACCESS SHARE MODE");
      telemetry.events().append(OrgPermission.all(), List.of(event("before", ahead)));
      reader.rollback();
      Future<List<Receipt>> answer =
          other.write(
              handle -> {
                EventPartitions.make(handle, day);
                Future<List<Receipt>> waiting =
                    sender.submit(
                        () ->
                            telemetry
                                .events()
                                .append(OrgPermission.all(), List.of(event("meanwhile", ahead))));
                awaitLockWaiter();
                return waiting;
              });
      assertThat(answer.get()).containsExactly(Receipt.accepted());
    } finally {
      sender.shutdown();
    }
    assertThat(database.value("SELECT count(*) FROM event_p20260313")).isEqualTo("2");
  }

  private void awaitLockWaiter() {
    database.await(LOCK_WAITER);
  }

  @Test
  @DisplayName("The same events entered by many at once are accepted once, and nobody fails")
  void sameEvents_sentConcurrently_areCountedOnce() throws Exception {
    List<TelemetryEvent> events =
        IntStream.range(0, 200).mapToObj(i -> event("e" + i, NOW.minusSeconds(i))).toList();
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Receipt>>> answers = new ArrayList<>();
      for (int sender = 0; sender < 8; sender++) {
        List<TelemetryEvent> sent = new ArrayList<>(events);
        Collections.shuffle(sent, new Random(sender));
        answers.add(
            senders.submit(
                () -> telemetry.events().append(OrgPermission.all(), sent.subList(0, 150))));
      }
      long accepted = 0;
      for (Future<List<Receipt>> answer : answers) {
        accepted += answer.get().stream().filter(Receipt.accepted()::equals).count();
      }
      assertThat(accepted).isEqualTo(overviewRequests(OrgFilter.all()));
      assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("" + accepted);
      assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("" + accepted);
    } finally {
      senders.shutdown();
    }
  }

  @Test
  @DisplayName("A fold that ends in the middle changes nothing, and the next one does it")
  void failedFold_leavesFiguresUnchanged() {
    telemetry.events().append(OrgPermission.all(), List.of(event("a", NOW), event("b", NOW)));
    database.execute("ALTER TABLE usage_scope RENAME TO elsewhere");
    assertThatThrownBy(telemetry::fold).isInstanceOf(StoreUnavailableException.class);
    database.execute("ALTER TABLE elsewhere RENAME TO usage_scope");
    assertThat(database.value("SELECT count(*) FROM usage_rollup")).isEqualTo("0");
    assertThat(overviewRequests(OrgFilter.of("org"))).isEqualTo(2);
    assertThat(telemetry.changes().events(OrgFilter.of("org"))).isEqualTo(2);

    assertThat(telemetry.fold()).isEqualTo(1);
    assertThat(database.value("SELECT count(*) FROM usage_pending")).isEqualTo("0");
    assertThat(overviewRequests(OrgFilter.of("org"))).isEqualTo(2);
    assertThat(telemetry.changes().events(OrgFilter.of("org"))).isEqualTo(2);
    assertThat(telemetry.changes().events(OrgFilter.all())).isEqualTo(2);
    assertThat(telemetry.fold()).isZero();
  }

  @Test
  @DisplayName("While one server folds, another does not wait for it, and none adds anything twice")
  void concurrentFolds_addEachRowOnce() throws Exception {
    ExecutorService servers = Executors.newFixedThreadPool(3);
    try (PostgresTelemetry second = database.openWithoutFolding(clock)) {
      List<Future<Integer>> done = new ArrayList<>();
      for (PostgresTelemetry server : List.of(telemetry, second)) {
        done.add(
            servers.submit(
                () -> {
                  for (int i = 0; i < 60; i++) {
                    server.events().append(OrgPermission.all(), List.of(event("e" + i, NOW)));
                    server
                        .events()
                        .append(
                            OrgPermission.all(), List.of(event(System.nanoTime() + "-" + i, NOW)));
                    server.fold();
                  }
                  return 0;
                }));
      }
      for (Future<Integer> one : done) {
        one.get();
      }
      telemetry.fold();
      assertThat(database.value("SELECT sum(calls) FROM usage_rollup WHERE scope = '*'"))
          .isEqualTo(Integer.toString(3 * 180));
      assertThat(overviewRequests(OrgFilter.all())).isEqualTo(180);
    } finally {
      servers.shutdown();
    }
  }

  @Test
  void finishedDay_getsSearchIndexes_andTheCurrentOneDoesNot() {
    telemetry
        .events()
        .append(
            OrgPermission.all(),
            List.of(event("a", NOW.minus(1, ChronoUnit.DAYS)), event("b", NOW)));
    String indexes =
        "SELECT count(*) FROM pg_indexes WHERE tablename = '%s' AND indexname LIKE '%%_by_%%'";
    telemetry.maintenance().run();
    assertThat(database.value(indexes.formatted("event_p20260309"))).isEqualTo("4");
    assertThat(database.value(indexes.formatted("event_p20260310"))).isEqualTo("0");
    // One that was begun and not ended is made again.
    database.execute(
        "UPDATE pg_index SET indisvalid = FALSE"
            + " WHERE indexrelid = CAST('event_p20260309_by_trace_id' AS regclass)");
    telemetry.maintenance().run();
    assertThat(
            database.value(
                "SELECT indisvalid FROM pg_index"
                    + " WHERE indexrelid = CAST('event_p20260309_by_trace_id' AS regclass)"))
        .isEqualTo("t");
  }

  @Test
  @DisplayName(
      "After an import searches have their indexes within two minutes, not within the hour")
  void quietDay_getsSearchIndexes_andAGrowingOneLater() {
    Instant yesterday = NOW.minus(1, ChronoUnit.DAYS);
    String indexed =
        "SELECT count(DISTINCT tablename) FROM pg_indexes WHERE indexname LIKE 'event_p%_by_%'";
    appendAndLeave(event("a", yesterday), event("b", yesterday.minus(1, ChronoUnit.DAYS)));
    awaitStatistics("event_p20260309", 1);
    awaitStatistics("event_p20260308", 1);
    telemetry.maintenance().indexQuietDays();
    assertThat(database.value(indexed)).isEqualTo("0");

    appendAndLeave(event("c", yesterday));
    awaitStatistics("event_p20260309", 2);
    telemetry.maintenance().indexQuietDays();
    assertThat(database.value(indexed)).isEqualTo("1");
    telemetry.maintenance().indexQuietDays();
    assertThat(database.value(indexed)).isEqualTo("2");
    assertThat(
            database.value(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'event_default'"
                    + " AND indexname LIKE '%_by_%'"))
        .isEqualTo("4");
  }

  /** As another server, whose sessions end: one that stays open tells of its rows much later. */
  private void appendAndLeave(TelemetryEvent... events) {
    try (PostgresTelemetry other = open()) {
      other.events().append(OrgPermission.all(), List.of(events));
    }
  }

  private void awaitStatistics(String table, int rows) {
    database.await(
        "pg_stat_get_tuples_inserted(CAST('%s' AS regclass)) = %d".formatted(table, rows));
  }

  @Test
  void retention_dropsWholeDaysAndTheirLedger_butKeepsDailyCounts() {
    telemetry
        .events()
        .append(OrgPermission.all(), List.of(event("old", NOW.minus(1, ChronoUnit.DAYS))));
    database.execute("UPDATE event_ledger SET received_at = '2026-03-09T12:00:00Z'");
    telemetry.fold();
    now.set(NOW.plus(TestDatabase.RETENTION_DAYS, ChronoUnit.DAYS));
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("0");
    assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("0");
    assertThat(database.value(PARTITIONS)).isEqualTo("9");
    assertThat(
            database.value(
                "SELECT string_agg(DISTINCT CAST(width_minutes AS text), ',') FROM usage_rollup"))
        .isEqualTo("1440,60");
    telemetry.maintenance().run();
  }

  @Test
  void lateDay_isMarked_onlyWhenItWasOverBeforeTheEventsCame() {
    telemetry
        .events()
        .append(
            OrgPermission.all(),
            List.of(event("today", NOW), event("ahead", NOW.plusSeconds(90_000))));
    assertThat(lateDays()).isEmpty();
    telemetry
        .events()
        .append(
            OrgPermission.all(),
            List.of(event("late", NOW.minus(1, ChronoUnit.DAYS)), event("today-2", NOW)));
    assertThat(lateDays()).isEqualTo("2026-03-09");
    telemetry
        .events()
        .append(OrgPermission.all(), List.of(event("late", NOW.minus(1, ChronoUnit.DAYS))));
    assertThat(database.value("SELECT count(*) FROM late_day")).isEqualTo("1");
  }

  @Test
  void expiredRollups_areNotWritten() {
    telemetry
        .events()
        .append(OrgPermission.all(), List.of(event("old", NOW.minus(101, ChronoUnit.DAYS))));
    telemetry.fold();
    assertThat(
            database.value(
                "SELECT string_agg(DISTINCT CAST(width_minutes AS text), ',') FROM usage_rollup"))
        .isEqualTo("1440");
  }

  @Test
  void schemaAndData_stay_whenTwoServersOpenThemAgain() throws Exception {
    telemetry.events().append(OrgPermission.all(), List.of(event("kept", NOW)));
    telemetry.close();
    try (PostgresTelemetry first = open();
        PostgresTelemetry second = open()) {
      assertThat(first.events().append(OrgPermission.all(), List.of(event("kept", NOW))))
          .containsExactly(Receipt.duplicate());
      assertThat(second.events().append(OrgPermission.all(), List.of(event("new", NOW))))
          .containsExactly(Receipt.accepted());
    }
  }

  @Test
  void exceptions_nameNoValueOfAnEvent() {
    database.execute("ALTER TABLE usage_pending RENAME TO elsewhere");
    assertThatThrownBy(
            () -> telemetry.events().append(OrgPermission.all(), List.of(event("secret-id", NOW))))
        .isInstanceOf(StoreUnavailableException.class)
        .satisfies(thrown -> assertThat(messages(thrown)).doesNotContain("secret-id"));
    assertThat(database.value("SELECT count(*) FROM event_ledger")).isEqualTo("0");
  }

  private static String messages(Throwable thrown) {
    List<String> messages = new ArrayList<>();
    for (Throwable next = thrown; next != null; next = next.getCause()) {
      messages.add(String.valueOf(next.getMessage()));
    }
    return messages.stream().collect(joining("\n"));
  }

  private PostgresTelemetry open() {
    return database.openWithoutFolding(clock);
  }

  private String lateDays() {
    return String.valueOf(
        database.value(
            "SELECT coalesce(string_agg(DISTINCT CAST(day AS text), ','), '') FROM late_day"));
  }

  private long overviewRequests(OrgFilter org) {
    TimeWindow window = TimeWindow.last(UsageRange.MONTH, now.get());
    assertThat(window.firstDay()).isBefore(LocalDate.of(2027, 1, 1));
    return telemetry.usage().overview(new UsageFilter(org, null, window)).requests();
  }

  private static TelemetryEvent event(String id, Instant timestamp) {
    return TelemetryEvent.fromMap(
        Map.of(
            "event_id", id,
            "org_id", "org",
            "timestamp", timestamp.toString(),
            "model", Map.of("model_id", "m"),
            "response", Map.of("status_code", 200, "latency_ms", 5)));
  }
}
