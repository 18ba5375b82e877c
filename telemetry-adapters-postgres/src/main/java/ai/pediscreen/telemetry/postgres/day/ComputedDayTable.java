package ai.pediscreen.telemetry.postgres.day;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.postgres.usage.PendingUsage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code computed_day}: which days are stored, and whether they are up to date. */
public final class ComputedDayTable {

  /**
   * For so many days the number of events is compared as well: a clock that jumps back takes events
   * into a day that was over, and leaves no mark.
   */
  private static final int RECOUNTED_DAYS = 3;

  /** A row. */
  record Row(long revision, long events, int aggregates, boolean referenceChanged) {}

  private ComputedDayTable() {}

  /** The days that lack aggregates or whose aggregates are out of date, oldest first. */
  public static List<LocalDate> due(Handle handle, LocalDate first, LocalDate today) {
    Map<LocalDate, Long> pending = PendingUsage.eventsByDay(handle);
    return handle
        .createQuery(
            """
            WITH pending AS (
              SELECT CAST(day AS date) AS day, events
              FROM unnest(:pendingDays, :pendingEvents) AS pending (day, events)),
            days AS (
              SELECT CAST(bucket AT TIME ZONE 'UTC' AS date) AS day, calls AS events
              FROM usage_rollup
              WHERE width_minutes = 1440 AND scope = '*'
                AND bucket >= :firstStart AND bucket < :todayStart
              UNION ALL SELECT day, events FROM pending),
            counted AS (
              SELECT day, sum(events) AS events
              FROM days
              WHERE day >= CAST(:recounted AS date)
              GROUP BY day)
            SELECT day
            FROM (
              (SELECT day FROM days EXCEPT SELECT day FROM computed_day)
              UNION SELECT day FROM late_day
              UNION SELECT day FROM computed_day WHERE reference_changed
              UNION SELECT day FROM computed_day JOIN counted USING (day)
                WHERE computed_day.events <> counted.events) AS due
            WHERE day >= CAST(:first AS date) AND day < CAST(:today AS date)
            ORDER BY day
            """)
        .bind("firstStart", utc(start(first)))
        .bind("todayStart", utc(start(today)))
        .bind("recounted", today.minusDays(RECOUNTED_DAYS).toString())
        .bindArray(
            "pendingDays",
            String.class,
            pending.keySet().stream().map(LocalDate::toString).toList())
        .bindArray("pendingEvents", Long.class, List.copyOf(pending.values()))
        .bind("first", first.toString())
        .bind("today", today.toString())
        .map((row, context) -> row.getObject("day", LocalDate.class))
        .list();
  }

  static @Nullable Row find(Handle handle, LocalDate day) {
    return handle
        .createQuery("SELECT * FROM computed_day WHERE day = CAST(:day AS date)")
        .bind("day", day.toString())
        .map(
            (row, context) ->
                new Row(
                    row.getLong("revision"),
                    row.getLong("events"),
                    row.getInt("aggregates"),
                    row.getBoolean("reference_changed")))
        .findOne()
        .orElse(null);
  }

  /** Enters a day as up to date, one revision higher than before. */
  static void put(Handle handle, LocalDate day, long events, int aggregates, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO computed_day AS stored
              (day, revision, events, aggregates, reference_changed, computed_at)
            VALUES (CAST(:day AS date), 1, :events, :aggregates, FALSE, :now)
            ON CONFLICT (day) DO UPDATE SET revision = stored.revision + 1,
              events = excluded.events, aggregates = excluded.aggregates,
              reference_changed = FALSE, computed_at = excluded.computed_at
            """)
        .bind("day", day.toString())
        .bind("events", events)
        .bind("aggregates", aggregates)
        .bind("now", utc(now))
        .execute();
  }

  /**
   * Notes that the distribution of a day is another: the days that it is a reference of are due.
   */
  static void distributionChanged(Handle handle, LocalDate day) {
    handle
        .createUpdate(
            """
            UPDATE computed_day SET reference_changed = TRUE
            WHERE day = ANY (CAST(:days AS date[]))
            """)
        .bindArray(
            "days",
            String.class,
            DriftReference.allAfter(day).stream().map(LocalDate::toString).toList())
        .execute();
  }

  /**
   * Makes days due, once no computation of them runs.
   *
   * @param day those after it; null for all
   */
  static void dueAfter(Handle handle, @Nullable LocalDate day) {
    String after = (day == null ? LocalDate.EPOCH : day).toString();
    handle
        .createQuery(
            """
            SELECT count(pg_advisory_xact_lock(:locks, day - DATE '1970-01-01'))
            FROM (
              SELECT day FROM computed_day WHERE day > CAST(:after AS date) ORDER BY day) AS later
            """)
        .bind("locks", PostgresDays.DAY_LOCKS)
        .bind("after", after)
        .mapTo(Long.class)
        .one();
    handle
        .createUpdate(
            "UPDATE computed_day SET reference_changed = TRUE WHERE day > CAST(:after AS date)")
        .bind("after", after)
        .execute();
  }

  static List<ComputedDay> between(Handle handle, LocalDate from, LocalDate to) {
    return handle
        .createQuery(
            """
            SELECT day, revision, aggregates
            FROM computed_day
            WHERE day BETWEEN CAST(:from AS date) AND CAST(:to AS date)
            ORDER BY day
            """)
        .bind("from", from.toString())
        .bind("to", to.toString())
        .map(
            (row, context) ->
                new ComputedDay(
                    row.getObject("day", LocalDate.class),
                    row.getLong("revision"),
                    row.getInt("aggregates")))
        .list();
  }

  public static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
