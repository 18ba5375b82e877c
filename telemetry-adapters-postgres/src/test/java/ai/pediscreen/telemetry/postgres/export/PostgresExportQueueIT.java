package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.Enqueued;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportLease;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.export.ExportQueueContract;
import ai.pediscreen.telemetry.export.StreamPosition;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.partition.EventPartitions;
import ai.pediscreen.telemetry.usage.UsageKit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresExportQueueIT extends ExportQueueContract {

  private static final InstantSource CLOCK = InstantSource.fixed(UsageKit.NOW);
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry OFF = DATABASE.open(CLOCK);
  private static final PostgresTelemetry ON =
      PostgresTelemetry.open(DATABASE.settings(CLOCK).withExporting(true), Duration.ZERO);

  private static final Instant AT = UsageKit.NOW.minus(Duration.ofDays(2));

  @BeforeEach
  void clear() {
    DATABASE.clear();
  }

  @AfterAll
  static void close() {
    ON.close();
    OFF.close();
  }

  @Override
  protected ExportQueue queue() {
    return ON.exports();
  }

  @Override
  protected void append(List<TelemetryEvent> events, boolean exporting) {
    assertThat((exporting ? ON : OFF).events().append(OrgPermission.all(), events))
        .hasSameSizeAs(events);
  }

  @Override
  protected void compute(LocalDate day) {
    assertThat(new DailyAggregation(ON.days()).compute(day)).isPositive();
  }

  @Override
  protected List<DeadLetter> deadLetters() {
    List<DeadLetter> deadLetters = new ArrayList<>();
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT nullif(org_id, ''), event_id, ts, reason, field FROM export_dead_letter"
                    + " ORDER BY ts, event_id")) {
      while (rows.next()) {
        deadLetters.add(
            new DeadLetter(
                new EventReference(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getObject(3, OffsetDateTime.class).toInstant()),
                rows.getString(4),
                rows.getString(5)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return deadLetters;
  }

  @Test
  void lateCommit_isNotSkipped() throws Exception {
    try (Connection late = DATABASE.connect();
        Statement statement = late.createStatement();
        ExportLease lease = queue().tryLease().orElseThrow()) {
      late.setAutoCommit(false);
      statement.execute(
          """
          INSERT INTO event (ts, org_id, event_id, model_id, error, payload)
            VALUES ('%1$s', '', 'late', '', FALSE,
              '{"event_id": "late", "timestamp": "%1$s", "response": {}}');
          INSERT INTO export_outbox (events, micros, org_ids, event_ids)
            VALUES (1, ARRAY[CAST(extract(epoch FROM timestamptz '%1$s') * 1000000 AS bigint)], ARRAY[''], ARRAY['late'])
          """
              .formatted(AT));
      append(List.of(one("early")), true);
      assertThat(ids(lease.waiting(10))).containsExactly("early");
      lease.store(batch(0), 1, List.of());

      late.commit();
      assertThat(ids(lease.waiting(10))).containsExactly("late");
      lease.store(batch(1), 1, List.of());
      assertThat(lease.waiting(10)).isEmpty();
    }
  }

  @Test
  void eventsBeingMovedIntoTheirPartition_areFound() throws Exception {
    Instant ahead = UsageKit.NOW.plus(Duration.ofDays(20));
    LocalDate day = LocalDate.ofInstant(ahead, ZoneOffset.UTC);
    append(List.of(event("moved").at(ahead).build()), true);
    append(List.of(event("not-queued").at(ahead).build()), false);
    try (Connection connection = DATABASE.connect();
        Handle mover = Jdbi.open(connection);
        ExportLease lease = queue().tryLease().orElseThrow()) {
      mover.begin();
      mover.execute("LOCK TABLE event_default IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<List<WaitingEvent>> waiting =
          CompletableFuture.supplyAsync(() -> lease.waiting(10));
      CompletableFuture<Enqueued> enqueued =
          CompletableFuture.supplyAsync(() -> queue().enqueue(day, null));
      while (!DATABASE.value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("2")) {
        assertThat(waiting.isDone() || enqueued.isDone()).isFalse();
      }
      EventPartitions.make(mover, day);
      mover.commit();

      // The other one waits too if it was put in line first.
      assertThat(waiting.get())
          .isNotEmpty()
          .allSatisfy(event -> assertThat(event.json()).isNotNull());
      assertThat(enqueued.get().events()).isEqualTo(1);
    } finally {
      DATABASE.execute("DROP TABLE " + EventPartitions.name(day));
    }
  }

  @Test
  void exportOff_writesNothing_andTheLedgerRecordsIt() {
    append(List.of(one("off")), false);
    assertThat(DATABASE.value("SELECT count(*) FROM export_outbox")).isEqualTo("0");
    assertThat(DATABASE.value("SELECT queued FROM event_ledger")).isEqualTo("f");
    append(List.of(one("on")), true);
    assertThat(DATABASE.value("SELECT count(*) FROM event_ledger WHERE queued")).isEqualTo("1");
  }

  @Test
  void eventsQueuedInTheEarlierSchema_areQueuedInThisOne() {
    TestDatabase older = TestDatabase.createEmpty();
    Flyway.configure()
        .dataSource(older.settings(CLOCK).jdbcUrl(), null, null)
        .defaultSchema(PostgresSettings.DEFAULT_SCHEMA)
        .locations("classpath:ai/pediscreen/telemetry/postgres/migration")
        .target("5")
        .load()
        .migrate();
    older.execute(
        """
        INSERT INTO event (ts, org_id, event_id, model_id, error, payload)
          VALUES ('%1$s', '', 'a', '', FALSE, '{"n": 1}'), ('%2$s', 'o', 'b', '', FALSE, '{"n": 2}');
        INSERT INTO export_outbox (events, ts, org_ids, event_ids)
          VALUES (2, ARRAY['%2$s', '%1$s']::timestamptz[], ARRAY['o', ''], ARRAY['b', 'a']);
        UPDATE export_stream SET stream = 's', row_offset = 7, queued_at = now(),
          ts = ARRAY['%1$s', '%1$s', '%2$s']::timestamptz[], org_ids = ARRAY['', '', ''],
          event_ids = ARRAY['x', 'y', 'z'], batch = '\\x010203'
        """
            .formatted(AT, AT.plusNanos(123_457_000)));
    try (PostgresTelemetry telemetry =
            PostgresTelemetry.open(older.settings(CLOCK).withExporting(true), Duration.ZERO);
        ExportLease lease = telemetry.exports().tryLease().orElseThrow()) {
      assertThat(lease.stored())
          .contains(
              new ExportBatch(
                  new StreamPosition("s", 7), new EncodedRows(3, new byte[] {1, 2, 3})));
      assertThat(telemetry.exports().backlog().events()).isEqualTo(5);
      assertThat(lease.waiting(10))
          .containsExactly(
              new WaitingEvent(
                  new EventReference("o", "b", AT.plusNanos(123_457_000)), "{\"n\": 2}"),
              new WaitingEvent(new EventReference(null, "a", AT), "{\"n\": 1}"));
    }
  }

  @Test
  void endedSession_losesTheLease_andAnotherGetsIt() {
    try (ExportLease lease = queue().tryLease().orElseThrow()) {
      DATABASE.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
              + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
      assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(lease::renew);
    }
    try (ExportLease next = leaseOfAnEndedSession()) {
      assertThat(next.stored()).isEmpty();
    }
  }

  @Test
  void stepFromAStaleState_changesNothing() {
    append(List.of(one("a"), one("b")), true);
    try (ExportLease lease = queue().tryLease().orElseThrow()) {
      assertThat(lease.waiting(10)).hasSize(2);
      DATABASE.execute("UPDATE export_stream SET stream = 'other', row_offset = 7");
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> lease.store(batch(0), 1, List.of()));
    }
    try (ExportLease lease = leaseOfAnEndedSession()) {
      assertThat(lease.end()).contains(new StreamPosition("other", 7));
      assertThat(lease.waiting(10)).hasSize(2);
      DATABASE.execute("DELETE FROM export_outbox");
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> lease.store(batch(7), 1, List.of()));
    }
    try (ExportLease lease = leaseOfAnEndedSession()) {
      assertThat(lease.stored()).isEmpty();
    }
  }

  /** PostgreSQL takes a moment to notice that the session which held it has ended. */
  private ExportLease leaseOfAnEndedSession() {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    Optional<ExportLease> lease = queue().tryLease();
    while (lease.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(5_000_000);
      lease = queue().tryLease();
    }
    return lease.orElseThrow();
  }

  @Test
  void largeEvents_areReadInParts() {
    String text = "x".repeat(200_000);
    List<TelemetryEvent> events =
        IntStream.range(0, 12)
            .mapToObj(i -> event("large-" + i).at(AT).with("text", text).build())
            .toList();
    append(events, true);
    try (ExportLease lease = queue().tryLease().orElseThrow()) {
      assertThat(lease.waiting(10)).hasSizeBetween(5, 7);
    }
  }

  @Test
  void eventThatWasDeleted_isQueuedWithoutItsContent() {
    append(List.of(one("a"), one("gone")), true);
    DATABASE.execute("DELETE FROM event WHERE event_id = 'gone'");
    try (ExportLease lease = queue().tryLease().orElseThrow()) {
      List<WaitingEvent> waiting = lease.waiting(10);
      assertThat(waiting).extracting(one -> one.reference().eventId()).contains("gone");
      assertThat(waiting)
          .filteredOn(one -> one.json() != null)
          .extracting(one -> one.reference().eventId())
          .containsExactly("a");
    }
  }

  @Test
  void dayWithMoreEventsOfOneTimestampThanAPage_isQueuedCompletely() {
    int count = 4_321;
    append(IntStream.range(0, count).mapToObj(i -> one("e-" + i)).toList(), false);
    LocalDate day = LocalDate.ofInstant(AT, ZoneOffset.UTC);
    int events = 0;
    Enqueued part = queue().enqueue(day, null);
    events += part.events();
    while (part.next() != null) {
      part = queue().enqueue(day, part.next());
      events += part.events();
    }
    assertThat(events).isEqualTo(count);
    assertThat(queue().backlog().events()).isEqualTo(count);
    assertThat(queue().enqueue(day, null).events()).isZero();
  }

  private static TelemetryEvent one(String id) {
    return event(id).at(AT).build();
  }

  private static ExportBatch batch(long offset) {
    return new ExportBatch(
        new StreamPosition(offset >= 7 ? "other" : "s", offset),
        new EncodedRows(1, new byte[] {1}));
  }

  private static List<String> ids(List<WaitingEvent> waiting) {
    return waiting.stream().map(one -> one.reference().eventId()).toList();
  }
}
