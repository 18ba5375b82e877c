package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.postgres.PostgresReport;
import ai.pediscreen.telemetry.postgres.PostgresReport.Contents;
import ai.pediscreen.telemetry.postgres.PostgresReport.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DatabaseCheckTest {

  private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 10);
  private static final Contents FINE = new Contents(List.of(), 0, 0, List.of(), false, null);

  @Test
  void healthyDatabase_isOkInEveryRespect() {
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.CURRENT, FINE)))
        .containsExactly(
            "ok    Database    PostgreSQL 18.1, at db",
            "ok    Durability  what is committed is on disk",
            "ok    Locks       max_locks_per_transaction = 256",
            "ok    Schema      at version 2",
            "ok    Partitions  made for a week ahead",
            "ok    Timestamps  no event outside the days that have a partition",
            "ok    Senders     no event is ahead of the database's clock",
            "ok    Days        all computed that are over",
            "ok    Retention   waits for nothing",
            "ok    Audit       takes entries");
  }

  @Test
  void unsafeOrOldDatabase_fails() {
    assertThat(
            lines(
                report(14, List.of("fsync", "synchronous_commit"), 64, NOON, Schema.DAMAGED, null)))
        .containsExactly(
            "FAIL  Database    PostgreSQL 14.1, at db; upgrade it to 15 or newer",
            "FAIL  Durability  off: fsync and synchronous_commit; a crash can lose events that were"
                + " accepted; set it to on in postgresql.conf, for the database or for its user,"
                + " and reload",
            "warn  Locks       max_locks_per_transaction = 64, which may be too few to drop old"
                + " days; set it to 256 in postgresql.conf and restart PostgreSQL",
            "FAIL  Schema      at version 2, with migrations that failed or are not this"
                + " program's; restore a backup, or compare the table flyway_schema_history with"
                + " the release");
  }

  @Test
  void blockedAuditLog_fails_andPausedRetentionIsAWarning() {
    Contents contents =
        new Contents(List.of(), 0, 0, List.of(), true, "9 days would be deleted at once");
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.CURRENT, contents)))
        .anyMatch(line -> line.startsWith("FAIL  Audit       blocked by a foreign row"))
        .contains(
            "warn  Retention   paused: 9 days would be deleted at once; check the clock"
                + " and RETENTION_DAYS, then run: retention confirm");
  }

  @Test
  void schemaOfAnotherVersion_isAWarning_andAnEmptyDatabaseIsOk() {
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.BEHIND, null)))
        .contains(
            "warn  Schema      at version 2, which is older than this program; back the database"
                + " up and start the server, which migrates it");
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.NEWER, null)))
        .contains(
            "warn  Schema      at version 2, which is newer than this program; run the newer"
                + " version of the program everywhere");
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.EMPTY, null)))
        .contains(
            "ok    Schema      nothing stored yet; the first start makes the tables in schema"
                + " pedi_telemetry");
    assertThat(lines(report(18, List.of(), 256, NOON, Schema.TO_BE_MOVED, null)))
        .contains(
            "warn  Schema      in public, where an earlier version kept its tables; back the"
                + " database up, stop the servers of that version and start this one, which moves"
                + " them to pedi_telemetry");
  }

  @Test
  void userWithoutCreateRight_getsTheStatement() {
    PostgresReport report =
        new PostgresReport(
            "18.1",
            18,
            List.of(),
            256,
            Duration.ZERO,
            NOON,
            "it may not be made; let an administrator run: CREATE SCHEMA s AUTHORIZATION ada;",
            Schema.EMPTY,
            null,
            null);

    assertThat(lines(report))
        .contains(
            "FAIL  Schema      it may not be made; let an administrator run: CREATE SCHEMA s"
                + " AUTHORIZATION ada;");
  }

  @Test
  void pendingWork_isAWarning() {
    Contents contents =
        new Contents(
            List.of(TODAY, TODAY.plusDays(1)),
            Contents.MAX_COUNTED,
            2,
            List.of(TODAY.minusDays(9), TODAY.minusDays(1)),
            false,
            null);

    assertThat(lines(report(18, List.of(), 256, NOON, Schema.CURRENT, contents)))
        .contains(
            "warn  Partitions  2 days without one, the first 2026-03-10; start the server, which"
                + " makes them after its start and every hour; if it runs, see its log",
            "warn  Timestamps  at least 100000 events outside the days that have a partition; look"
                + " at the clocks of those who send: SELECT ts, org_id, event_id FROM"
                + " pedi_telemetry.event_default",
            "warn  Senders     2 events ahead of the database's clock, not in the figures before"
                + " their time; look at the clocks of those who send: SELECT org_id, count(*),"
                + " max(ts) FROM pedi_telemetry.event WHERE ts > now() GROUP BY org_id",
            "warn  Days        2 days to be computed, the first 2026-03-01; a running server or"
                + " worker does so within minutes; else start one");
  }

  @Test
  void shortlyAfterMidnight_yesterdayMayBeDue_andTheLastPartitionBeMissing() {
    Contents contents =
        new Contents(List.of(TODAY.plusDays(7)), 1, 0, List.of(TODAY.minusDays(1)), false, null);
    Instant early = Instant.parse("2026-03-10T00:14:59Z");

    assertThat(lines(report(18, List.of(), 256, early, Schema.CURRENT, contents)))
        .anyMatch(line -> line.startsWith("ok    Partitions"))
        .anyMatch(line -> line.startsWith("ok    Timestamps  1 event of past days"))
        .anyMatch(line -> line.startsWith("ok    Days"));
    assertThat(lines(report(18, List.of(), 256, early.plusSeconds(1), Schema.CURRENT, contents)))
        .anyMatch(line -> line.startsWith("warn  Days        1 day to be computed"));
  }

  @Test
  void missingDay_beforeTheLast_isAWarning() {
    Contents contents = new Contents(List.of(TODAY), 0, 0, List.of(), false, null);

    assertThat(lines(report(18, List.of(), 256, NOON, Schema.CURRENT, contents)))
        .anyMatch(line -> line.startsWith("warn  Partitions  1 day without one"));
  }

  private static List<String> lines(PostgresReport report) {
    return new Findings(new DatabaseCheck("at db", "pedi_telemetry", report).check()).lines();
  }

  private static PostgresReport report(
      int major,
      List<String> switchedOff,
      int locks,
      Instant now,
      Schema schema,
      @Nullable Contents contents) {
    return new PostgresReport(
        major + ".1", major, switchedOff, locks, Duration.ZERO, now, null, schema, "2", contents);
  }
}
