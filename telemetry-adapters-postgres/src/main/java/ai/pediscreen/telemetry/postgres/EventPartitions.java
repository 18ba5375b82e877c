package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * The day partitions of table {@code event}: made from the edge of retention to a week ahead,
 * dropped whole when they fall behind the edge. What lies outside is in the default partition, so a
 * timestamp can never make a table.
 */
final class EventPartitions {

  static final int DAYS_AHEAD = 7;

  private static final String PREFIX = "event_p";

  private EventPartitions() {}

  /** Makes the partitions that lack; what the default partition holds of their days moves in. */
  static void create(Handle handle, LocalDate first, LocalDate last) {
    for (LocalDate day : missing(handle, first, last)) {
      if (defaultHolds(handle, day)) {
        createFromDefault(handle, day);
      } else {
        handle.execute("CREATE TABLE %s PARTITION OF event %s".formatted(name(day), bounds(day)));
      }
    }
  }

  /** Drops whole days before the edge, and what the default partition holds of earlier days. */
  static void dropBefore(Handle handle, LocalDate edge) {
    for (LocalDate day : existing(handle)) {
      if (day.isBefore(edge)) {
        handle.execute("DROP TABLE " + name(day));
      }
    }
    handle
        .createUpdate("DELETE FROM event_default WHERE ts < :edge")
        .bind("edge", utc(start(edge)))
        .execute();
  }

  /** Days that should have a partition and have none, oldest first. */
  static Set<LocalDate> missing(Handle handle, LocalDate first, LocalDate last) {
    Set<LocalDate> missing = new TreeSet<>(first.datesUntil(last.plusDays(1)).toList());
    existing(handle).forEach(missing::remove);
    return missing;
  }

  /** How many events the default partition holds, counted to a limit. */
  static long inDefault(Handle handle, int limit) {
    return handle
        .createQuery("SELECT count(*) FROM (SELECT FROM event_default LIMIT :limit) AS outside")
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  /** Days that have a partition. */
  static List<LocalDate> existing(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT child.relname
            FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
            WHERE inhparent = CAST('event' AS regclass) AND child.relname LIKE :pattern
            ORDER BY child.relname
            """)
        .bind("pattern", PREFIX + "________")
        .mapTo(String.class)
        .map(
            name ->
                LocalDate.parse(name.substring(PREFIX.length()), DateTimeFormatter.BASIC_ISO_DATE))
        .list();
  }

  private static boolean defaultHolds(Handle handle, LocalDate day) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM event_default
              WHERE ts >= :start AND ts < :end)
            """)
        .bind("start", utc(start(day)))
        .bind("end", utc(start(day.plusDays(1))))
        .mapTo(Boolean.class)
        .one();
  }

  private static void createFromDefault(Handle handle, LocalDate day) {
    // Nobody may add to the default partition between the move and the attachment.
    handle.execute("LOCK TABLE event_default IN ACCESS EXCLUSIVE MODE");
    handle.execute("CREATE TABLE %s (LIKE event)".formatted(name(day)));
    handle
        .createUpdate(
            """
            WITH moved AS (
              DELETE FROM event_default
              WHERE ts >= :start AND ts < :end
              RETURNING *)
            INSERT INTO %s SELECT * FROM moved
            """
                .formatted(name(day)))
        .bind("start", utc(start(day)))
        .bind("end", utc(start(day.plusDays(1))))
        .execute();
    handle.execute("ALTER TABLE event ATTACH PARTITION %s %s".formatted(name(day), bounds(day)));
  }

  /** Made of digits alone, so it is safe to stand in a statement. */
  static String name(LocalDate day) {
    return PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  private static String bounds(LocalDate day) {
    return "FOR VALUES FROM ('%s') TO ('%s')".formatted(start(day), start(day.plusDays(1)));
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
