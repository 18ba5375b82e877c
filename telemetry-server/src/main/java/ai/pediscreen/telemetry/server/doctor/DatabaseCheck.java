package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.postgres.PostgresReport;
import ai.pediscreen.telemetry.postgres.PostgresReport.Contents;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL: its version and settings, the schema, and what is stored. */
public final class DatabaseCheck {

  private static final int OLDEST_VERSION = 15;
  private static final int LOCKS_NEEDED = 256;

  /** The server makes the partition of the last day within an hour of midnight. */
  private static final int LAST_DAYS_FORGIVEN = 1;

  /** When yesterday is computed at the latest, if all is well. */
  private static final Duration YESTERDAY_IS_DONE = Duration.ofMinutes(15);

  private final String place;
  private final String schema;
  private final PostgresReport report;

  /**
   * Checks nothing yet.
   *
   * @param place where the database is, without secrets
   * @param schema where its tables are
   */
  public DatabaseCheck(String place, String schema, PostgresReport report) {
    this.place = place;
    this.schema = schema;
    this.report = report;
  }

  /** What the report says of the database, a finding for each thing. */
  public List<Finding> check() {
    List<Finding> findings = new ArrayList<>();
    findings.add(version());
    findings.add(durability());
    findings.add(locks());
    findings.add(schema());
    Contents contents = report.contents();
    if (contents != null) {
      findings.add(partitions(contents));
      findings.add(timestamps(contents));
      findings.add(clocks(contents));
      findings.add(days(contents));
      findings.add(retention(contents));
      findings.add(audit(contents));
    }
    return findings;
  }

  private Finding version() {
    String found = "PostgreSQL " + report.version() + ", " + place;
    return report.majorVersion() < OLDEST_VERSION
        ? Finding.fail("Database", found, "upgrade it to " + OLDEST_VERSION + " or newer")
        : Finding.ok("Database", found);
  }

  private Finding durability() {
    List<String> off = report.switchedOff();
    if (off.isEmpty()) {
      return Finding.ok("Durability", "what is committed is on disk");
    }
    String names = String.join(" and ", off);
    return Finding.fail(
        "Durability",
        "off: " + names + "; a crash can lose events that were accepted",
        "set it to on in postgresql.conf, for the database or for its user, and reload");
  }

  private Finding locks() {
    int locks = report.maxLocksPerTransaction();
    String found = "max_locks_per_transaction = " + locks;
    return locks < LOCKS_NEEDED
        ? Finding.warn(
            "Locks",
            found + ", which may be too few to drop old days",
            "set it to " + LOCKS_NEEDED + " in postgresql.conf and restart PostgreSQL")
        : Finding.ok("Locks", found);
  }

  private Finding schema() {
    String obstacle = report.obstacle();
    if (obstacle != null) {
      String[] causeAndRemedy = obstacle.split("; ", 2);
      return Finding.fail("Schema", causeAndRemedy[0], causeAndRemedy[1]);
    }
    String version = "at version " + report.schemaVersion();
    return switch (report.schema()) {
      case EMPTY ->
          Finding.ok(
              "Schema", "nothing stored yet; the first start makes the tables in schema " + schema);
      case TO_BE_MOVED ->
          Finding.warn(
              "Schema",
              "in public, where an earlier version kept its tables",
              "back the database up, stop the servers of that version and start this one, which"
                  + " moves them to "
                  + schema);
      case CURRENT -> Finding.ok("Schema", version);
      case BEHIND ->
          Finding.warn(
              "Schema",
              version + ", which is older than this program",
              "back the database up and start the server, which migrates it");
      case NEWER ->
          Finding.warn(
              "Schema",
              version + ", which is newer than this program",
              "run the newer version of the program everywhere");
      case DAMAGED ->
          Finding.fail(
              "Schema",
              version + ", with migrations that failed or are not this program's",
              "restore a backup, or compare the table flyway_schema_history with the release");
    };
  }

  private Finding partitions(Contents contents) {
    List<LocalDate> lacking = contents.daysWithoutPartition();
    if (lacking.size() <= LAST_DAYS_FORGIVEN && (lacking.isEmpty() || isFarAhead(lacking.get(0)))) {
      return Finding.ok("Partitions", "made for a week ahead");
    }
    return Finding.warn(
        "Partitions",
        days(lacking) + " without one, the first " + lacking.get(0),
        "start the server, which makes them after its start and every hour; if it runs, see its"
            + " log");
  }

  private boolean isFarAhead(LocalDate day) {
    return day.isAfter(today().plusDays(1));
  }

  private Finding timestamps(Contents contents) {
    long outside = contents.eventsInDefaultPartition();
    if (outside == 0) {
      return Finding.ok("Timestamps", "no event outside the days that have a partition");
    }
    String found = (outside < Contents.MAX_COUNTED ? "" : "at least ") + counted(outside, "event");
    if (contents.eventsAhead() == 0) {
      // So they are old, as those of an import are.
      return Finding.ok(
          "Timestamps",
          found
              + " of past days that have no partition; a running server gives them one within the"
              + " hour, or deletes them if they are older than RETENTION_DAYS");
    }
    return Finding.warn(
        "Timestamps",
        found + " outside the days that have a partition",
        "look at the clocks of those who send: SELECT ts, org_id, event_id FROM "
            + schema
            + ".event_default");
  }

  private Finding clocks(Contents contents) {
    long ahead = contents.eventsAhead();
    if (ahead == 0) {
      return Finding.ok("Senders", "no event is ahead of the database's clock");
    }
    return Finding.warn(
        "Senders",
        (ahead < Contents.MAX_COUNTED ? "" : "at least ")
            + counted(ahead, "event")
            + " ahead of the database's clock, not in the figures before their time",
        "look at the clocks of those who send: SELECT org_id, count(*), max(ts) FROM "
            + schema
            + ".event WHERE ts > now() GROUP BY org_id");
  }

  private Finding days(Contents contents) {
    List<LocalDate> due =
        contents.dueDays().stream()
            .filter(day -> !day.equals(today().minusDays(1)) || isLate())
            .toList();
    if (due.isEmpty()) {
      return Finding.ok("Days", "all computed that are over");
    }
    return Finding.warn(
        "Days",
        days(due) + " to be computed, the first " + due.get(0),
        "a running server or worker does so within minutes; else start one");
  }

  private static Finding retention(Contents contents) {
    String reason = contents.retentionWaitsFor();
    return reason == null
        ? Finding.ok("Retention", "waits for nothing")
        : Finding.warn(
            "Retention",
            "paused: " + reason,
            "check the clock and RETENTION_DAYS, then run: retention confirm");
  }

  private static Finding audit(Contents contents) {
    return contents.auditBlocked()
        ? Finding.fail(
            "Audit",
            "blocked by a foreign row, so reads and acts are answered 503",
            "run audit verify, which names the row; the owner of the tables can delete it, with the"
                + " trigger audit_entry_stays switched off")
        : Finding.ok("Audit", "takes entries");
  }

  private boolean isLate() {
    Duration sinceMidnight =
        Duration.between(today().atStartOfDay(ZoneOffset.UTC).toInstant(), report.now());
    return sinceMidnight.compareTo(YESTERDAY_IS_DONE) >= 0;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(report.now(), ZoneOffset.UTC);
  }

  private static String days(List<LocalDate> days) {
    return counted(days.size(), "day");
  }

  private static String counted(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
