package ai.pediscreen.telemetry.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PostgresTelemetry#inspect} found. Immutable.
 *
 * @param version of PostgreSQL, such as {@code 18.6}
 * @param majorVersion of PostgreSQL, such as 18
 * @param switchedOff settings that are off and without which a crash can lose what was committed:
 *     of {@code fsync}, {@code synchronous_commit}, {@code full_page_writes}
 * @param maxLocksPerTransaction the setting of that name
 * @param nodeClockAhead by how much the clock of this machine is ahead of the database's; negative
 *     if it is behind. As exact as half the time that a question takes.
 * @param now the time by which the days below are told
 * @param obstacle why this user cannot create the tables, with the statement that an administrator
 *     should run; null if it can
 * @param schema how the schema compares with the one that this program makes
 * @param schemaVersion the newest migration in the database; null if there is none
 * @param contents what is stored; null unless the schema is {@link Schema#CURRENT}
 */
public record PostgresReport(
    String version,
    int majorVersion,
    List<String> switchedOff,
    int maxLocksPerTransaction,
    Duration nodeClockAhead,
    Instant now,
    @Nullable String obstacle,
    Schema schema,
    @Nullable String schemaVersion,
    @Nullable Contents contents) {

  public PostgresReport {
    requireNonNull(version, "version");
    switchedOff = List.copyOf(switchedOff);
    requireNonNull(nodeClockAhead, "nodeClockAhead");
    requireNonNull(now, "now");
    requireNonNull(schema, "schema");
  }

  /** How a database's schema compares with the one that this program makes. */
  public enum Schema {
    /** There is none. */
    EMPTY,
    /** An earlier version kept its tables in {@code public}; opening the database moves them. */
    TO_BE_MOVED,
    /** Migrations of this program are missing; opening the database runs them. */
    BEHIND,
    /** They are the same. */
    CURRENT,
    /** A newer version of this program has migrated it. */
    NEWER,
    /** A migration failed or is another than this program's, so the database cannot be opened. */
    DAMAGED
  }

  /**
   * What is stored.
   *
   * @param daysWithoutPartition from today to a week ahead, oldest first
   * @param eventsInDefaultPartition events of days that have no partition, counted to {@value
   *     #MAX_COUNTED}
   * @param eventsAhead events whose timestamp is more than {@link #AHEAD} after the database's
   *     time, counted to {@value #MAX_COUNTED}; they are not in the figures before their time
   * @param dueDays closed days whose aggregates are to be computed, oldest first
   * @param auditBlocked whether the audit log is blocked: a foreign row is in the place of the next
   *     entry
   * @param retentionWaitsFor why retention is paused until it is confirmed; null if it is not
   */
  public record Contents(
      List<LocalDate> daysWithoutPartition,
      long eventsInDefaultPartition,
      long eventsAhead,
      List<LocalDate> dueDays,
      boolean auditBlocked,
      @Nullable String retentionWaitsFor) {

    /** A sender's clock may be so far ahead without being reported. */
    public static final Duration AHEAD = Duration.ofMinutes(2);

    /** Events are counted as far as this. */
    public static final int MAX_COUNTED = 100_000;

    public Contents {
      daysWithoutPartition = List.copyOf(daysWithoutPartition);
      dueDays = List.copyOf(dueDays);
    }
  }
}
