package ai.pediscreen.telemetry.postgres.retention;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.postgres.audit.PostgresAudit;
import ai.pediscreen.telemetry.postgres.day.ComputedDayTable;
import ai.pediscreen.telemetry.postgres.day.DistributionTable;
import ai.pediscreen.telemetry.postgres.day.LateDays;
import ai.pediscreen.telemetry.postgres.day.PostgresDays;
import ai.pediscreen.telemetry.postgres.erasure.HoldTable;
import ai.pediscreen.telemetry.postgres.partition.DayPartitions;
import ai.pediscreen.telemetry.postgres.partition.RetentionClock;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.TableWalk;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is past its retention: whole days of raw events by dropping their partitions, rows
 * of the ledger and the rollups in small transactions, once a day. One program at a time does so.
 *
 * <p>A clock that is set wrong makes everything expire. So a run trusts the clock only if it has
 * moved by at most a day since the last run, and drops only a few days; else it is paused until
 * {@link #confirm}.
 *
 * <p>Thread-safe.
 */
public final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** The largest jump of the clock that needs no confirmation. */
  static final Duration TRUSTED_JUMP = Duration.ofDays(1);

  /** How many days are dropped at once without a confirmation. */
  static final int DROPPED_AT_ONCE = 8;

  /** Held by the program that deletes. "PSTKEEP" in ASCII. */
  private static final long LOCK = 0x50_53_54_4b_45_45_50L;

  private static final Duration PROGRESS_PERIOD = Duration.ofSeconds(10);

  private static final String LEDGER = "event_ledger";
  private static final String EXPIRED_ROLLUP =
      "(width_minutes = %d AND bucket < :minuteEdge) OR (width_minutes = %d AND bucket < :hourEdge)"
          .formatted(RollupWidth.MINUTE.minutes(), RollupWidth.HOUR.minutes());

  private final Database database;
  private final DayPartitions partitions;
  private final int retentionDays;
  private final int auditDays;
  private final AtomicLong droppedDays = new AtomicLong();
  private final AtomicLong deletedRows = new AtomicLong();
  private volatile boolean waiting;
  private volatile double progress = 1;

  public Retention(Database database, DayPartitions partitions, int retentionDays, int auditDays) {
    this.database = database;
    this.partitions = partitions;
    this.retentionDays = retentionDays;
    this.auditDays = auditDays;
  }

  /** Deletes what has expired, unless another program does, or it must be confirmed first. */
  public void run() {
    LocalDate done =
        database.inOwnSession(
            handle -> {
              Instant now = database.now(handle);
              if (AdvisoryLock.tryInSession(handle, LOCK)) {
                run(handle, now);
              }
              return edge(now);
            });
    LOG.debug("retention has run for days before {}", done);
  }

  /**
   * Trusts the clock as it is: the next run deletes everything that has expired by it.
   *
   * @return the first day that is kept
   */
  public LocalDate confirm() {
    return database.write(
        handle -> {
          Instant now = database.now(handle);
          RetentionClock.confirm(handle, now, edge(now));
          return edge(now);
        });
  }

  /** How many days of raw events have expired and are still there. */
  public int expiredDays() {
    return database.write(
        handle -> DayPartitions.before(handle, edge(database.now(handle))).size());
  }

  /** Whether it is paused until {@link #confirm}. */
  public boolean isWaiting() {
    return waiting;
  }

  /** Days whose raw events were dropped since this was made. */
  public long droppedDays() {
    return droppedDays.get();
  }

  /** Rows of the ledger and the rollups that were deleted since this was made. */
  public long deletedRows() {
    return deletedRows.get();
  }

  /**
   * How much of the table that is walked through is done; 0 to 1, and 1 while no run is under way.
   */
  public double progress() {
    return progress;
  }

  private void run(Handle handle, Instant now) {
    LocalDate edge = edge(now);
    List<LocalDate> expired = partitions.before(edge);
    String reason = reasonToWait(handle, now, expired);
    waiting = reason != null;
    if (reason != null) {
      LOG.error(
          "retention is paused: {}; check the clock and RETENTION_DAYS, then run the command:"
              + " retention confirm",
          reason);
      return;
    }
    RetentionClock.State state = RetentionClock.trust(handle, now, edge);
    for (LocalDate day : expired) {
      if (partitions.drop(day)) {
        droppedDays.incrementAndGet();
        LOG.info("the raw events of {} were dropped: their retention is over", day);
      }
    }
    LocalDate pruned = state.prunedBefore();
    if (pruned == null || pruned.isBefore(edge)) {
      try {
        prune(handle, now, edge);
      } finally {
        progress = 1;
      }
      RetentionClock.pruned(handle, now, edge);
    }
  }

  /** Why nothing is deleted until it is confirmed; null if it is. */
  public static @Nullable String reasonToWait(Handle handle, Instant now, int retentionDays) {
    LocalDate edge = edge(now, retentionDays);
    return reasonToWait(handle, now, DayPartitions.before(handle, edge));
  }

  private static @Nullable String reasonToWait(
      Handle handle, Instant now, List<LocalDate> expired) {
    RetentionClock.State state = RetentionClock.find(handle);
    if (state == null) {
      return null;
    }
    Duration jump = Duration.between(state.trustedAt(), now);
    if (jump.compareTo(TRUSTED_JUMP) > 0) {
      return "the clock says %s, which is %d h after the last run".formatted(now, jump.toHours());
    }
    LocalDate confirmed = state.confirmedBefore();
    long unconfirmed =
        expired.stream().filter(day -> confirmed == null || !day.isBefore(confirmed)).count();
    return unconfirmed > DROPPED_AT_ONCE
        ? "%d days would be deleted at once, the first %s".formatted(unconfirmed, expired.get(0))
        : null;
  }

  private void prune(Handle handle, Instant now, LocalDate edge) {
    Instant start = ComputedDayTable.start(edge);
    Map<String, Instant> rollups =
        Map.of(
            "minuteEdge", RollupWidth.MINUTE.keptSince(now),
            "hourEdge", RollupWidth.HOUR.keptSince(now));
    walk(
        handle,
        "event_default",
        "ts < :edge AND NOT " + HoldTable.held("event_default"),
        Map.of("edge", start));
    walk(handle, LEDGER, "received_at < :edge", Map.of("edge", start));
    walk(handle, "usage_rollup", EXPIRED_ROLLUP, rollups);
    walk(handle, "label_rollup", EXPIRED_ROLLUP, rollups);
    LocalDate firstDay =
        PostgresDays.firstDay(LocalDate.ofInstant(now, ZoneOffset.UTC), retentionDays);
    LateDays.deleteBefore(handle, firstDay);
    DistributionTable.deleteBefore(handle, firstDay.minusDays(DriftReference.LONGEST_DAYS));
    long entries = PostgresAudit.expire(handle, now.minus(Duration.ofDays(auditDays)));
    if (entries > 0) {
      LOG.info("retention: {} expired entries of the audit log are deleted", entries);
    }
  }

  private void walk(Handle handle, String table, String condition, Map<String, Instant> edges) {
    long before = deletedRows.get();
    long[] toldNanos = {System.nanoTime()};
    TableWalk.walk(
        handle,
        table,
        (inPages, share) -> {
          var delete =
              handle.createUpdate(
                  "DELETE FROM %s WHERE %s AND (%s)".formatted(table, inPages, condition));
          edges.forEach((name, edge) -> delete.bind(name, utc(edge)));
          int rows = delete.execute();
          deletedRows.addAndGet(rows);
          progress = share;
          if (System.nanoTime() - toldNanos[0] > PROGRESS_PERIOD.toNanos()) {
            toldNanos[0] = System.nanoTime();
            LOG.info(
                "retention: {} rows of {} deleted, {} % of the table done",
                deletedRows.get() - before, table, Math.round(100 * share));
          }
          return rows;
        });
    if (deletedRows.get() > before) {
      LOG.info("retention: {} expired rows of {} are deleted", deletedRows.get() - before, table);
    }
  }

  /** The first day that is kept. */
  private LocalDate edge(Instant now) {
    return edge(now, retentionDays);
  }

  private static LocalDate edge(Instant now, int retentionDays) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(retentionDays);
  }
}
