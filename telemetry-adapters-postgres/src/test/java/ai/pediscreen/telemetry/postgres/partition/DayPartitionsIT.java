package ai.pediscreen.telemetry.postgres.partition;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import ai.pediscreen.telemetry.usage.spi.EventQuery;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DayPartitionsIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final LocalDate SLOW_DAY = LocalDate.of(2026, 3, 8);
  private static final String IN_DEFAULT =
      "SELECT string_agg(event_id, ' ' ORDER BY event_id) FROM event_default";

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final PostgresTelemetry telemetry = database.openWithoutFolding(now::get);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName(
      "A partition that takes longer than a statement may keeps no event from being stored")
  void eventsOfADay_whosePartitionIsNotMadeInTime_areStoredWithTheOthers() {
    telemetry.maintenance().run();
    takeLongToMakeSlowDay(Duration.ofSeconds(20));

    assertThat(append(event("slow", SLOW_DAY), EventBuilder.event("other").at(NOW).build()))
        .containsOnly(Receipt.accepted());
    assertThat(append(event("next", SLOW_DAY))).containsOnly(Receipt.accepted());

    assertThat(database.value(IN_DEFAULT)).isEqualTo("next slow");
    assertThat(isMade(SLOW_DAY)).isFalse();
    database.execute("DROP EVENT TRIGGER slow_day");
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event_p20260308")).isEqualTo("2");
  }

  @Test
  @DisplayName("An append gives a partition a quarter of a second, not as long as a statement has")
  void partitionThatTakesASecond_isLeftToMaintenance() {
    takeLongToMakeSlowDay(Duration.ofSeconds(1));
    assertThat(append(event("slow", SLOW_DAY))).containsOnly(Receipt.accepted());
    assertThat(database.value(IN_DEFAULT)).isEqualTo("slow");

    telemetry.maintenance().run();
    assertThat(database.value("SELECT event_id FROM event_p20260308")).isEqualTo("slow");
  }

  @Test
  @DisplayName("A day that maintenance cannot move in the time for which readers may wait stays")
  void dayThatTakesTooLong_isLeftWhereItIs_andTheOthersAreMoved() throws SQLException {
    telemetry.maintenance().run();
    appendBesideAReader(event("slow", SLOW_DAY), event("older", SLOW_DAY.minusDays(3)));
    assertThat(database.value(IN_DEFAULT)).isEqualTo("older slow");
    takeLongToMakeSlowDay(Duration.ofSeconds(20));

    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(DayPartitions.class);
    logged.start();
    logger.addAppender(logged);
    try {
      // The newest comes first, and the one that was given up comes last.
      telemetry.maintenance().run();
      assertThat(database.value(IN_DEFAULT)).isEqualTo("older slow");
      telemetry.maintenance().run();
      assertThat(database.value(IN_DEFAULT)).isEqualTo("slow");
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(isMade(SLOW_DAY.minusDays(3))).isTrue();
    assertThat(logged.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains(SLOW_DAY.toString()));

    database.execute("DROP EVENT TRIGGER slow_day");
    telemetry.maintenance().run();
    assertThat(database.value("SELECT event_id FROM event_p20260308")).isEqualTo("slow");
  }

  @Test
  @DisplayName("Events that no partition can be made for are found, counted, erased and expire")
  void eventsThatStayInTheDefaultPartition_areThereForAllThatReadsEvents() throws SQLException {
    telemetry.maintenance().run();
    appendBesideAReader(event("slow", SLOW_DAY));
    takeLongToMakeSlowDay(Duration.ofSeconds(20));
    telemetry.maintenance().run();
    assertThat(isMade(SLOW_DAY)).isFalse();

    UsageFilter month =
        new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.MONTH, NOW));
    assertThat(telemetry.usage().overview(month).requests()).isEqualTo(1);
    assertThat(found("case-of-slow")).extracting(TelemetryEvent::eventId).containsExactly("slow");
    TestDatabase.fold(telemetry);
    assertThat(telemetry.days().compute(SLOW_DAY)).isPositive();

    telemetry
        .erasures()
        .request(
            new ErasureSelection(OrgFilter.all(), ErasureField.CASE_ID, Set.of("case-of-slow")),
            "pst_key");
    telemetry.maintenance().erase(null);
    assertThat(found("case-of-slow")).isEmpty();
    assertThat(database.value("SELECT erased FROM event_default")).isEqualTo("t");

    now.set(NOW.plus(TestDatabase.RETENTION_DAYS, ChronoUnit.DAYS));
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    assertThat(database.value("SELECT count(*) FROM event")).isEqualTo("0");
  }

  @Test
  @DisplayName("An index that another server has made meanwhile is not made anew")
  void indexesOfAnotherServer_areKept() throws Exception {
    append(event("older", SLOW_DAY.minusDays(1)), event("newer", SLOW_DAY));
    CompletableFuture<Void> maintenance;
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      // So this server has looked at both days, and waits at the first.
      statement.execute("LOCK TABLE event_p20260307 IN SHARE UPDATE EXCLUSIVE MODE");
      maintenance = CompletableFuture.runAsync(telemetry.maintenance()::run);
      database.await(
          "EXISTS (SELECT FROM pg_locks"
              + " WHERE relation = CAST('event_p20260307' AS regclass) AND NOT granted)");
      StringBuilder indexes = new StringBuilder();
      for (String column : List.of("event_id", "trace_id", "case_id", "user_id")) {
        indexes.append(
            "CREATE INDEX event_p20260308_by_%1$s ON event_p20260308 (%1$s);".formatted(column));
      }
      database.execute(indexes.toString());
      other.rollback();
    }
    String made =
        "SELECT string_agg(CAST(oid AS text), ' ' ORDER BY oid) FROM pg_class"
            + " WHERE relname LIKE 'event_p20260308_by_%'";
    String before = database.value(made);
    maintenance.get();
    assertThat(database.value(made)).isEqualTo(before);
  }

  /** Has the partition of that day take long, once it is created and not attached. */
  private void takeLongToMakeSlowDay(Duration duration) {
    database.execute(
        """
        CREATE FUNCTION slow_day() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()
              WHERE command_tag = 'CREATE TABLE' AND object_identity LIKE '%%event_p20260308') THEN
            PERFORM pg_sleep(%d);
          END IF;
        END $$;
        CREATE EVENT TRIGGER slow_day ON ddl_command_end EXECUTE FUNCTION slow_day()
        """
            .formatted(duration.toSeconds()));
  }

  /** While another reads the default partition, none is made, and events go there. */
  private void appendBesideAReader(TelemetryEvent... events) throws SQLException {
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE event_default IN ACCESS SHARE MODE");
      assertThat(append(events)).containsOnly(Receipt.accepted());
      reader.rollback();
    }
  }

  private List<Receipt> append(TelemetryEvent... events) {
    return telemetry.events().append(OrgPermission.all(), List.of(events));
  }

  private List<TelemetryEvent> found(String caseId) {
    return telemetry
        .search()
        .newest(
            new EventQuery(
                OrgFilter.all(), null, null, caseId, null, NOW.minus(30, ChronoUnit.DAYS), NOW),
            null,
            10);
  }

  private boolean isMade(LocalDate day) {
    String made = "SELECT to_regclass('%s') IS NOT NULL".formatted(EventPartitions.name(day));
    return "t".equals(database.value(made));
  }

  private static TelemetryEvent event(String id, LocalDate day) {
    return EventBuilder.event(id)
        .org("org-of-" + id)
        .model("m")
        .caseId("case-of-" + id)
        .at(Instant.parse(day + "T12:00:00Z"))
        .build();
  }
}
