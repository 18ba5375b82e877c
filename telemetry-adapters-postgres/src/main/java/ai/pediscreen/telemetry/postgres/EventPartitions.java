package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * The day partitions of table {@code event}. What lies outside them is in the default partition, so
 * a timestamp can never make a table.
 *
 * @implNote A partition is made beside the table and then attached. That excludes neither readers
 *     nor writers of the table; only of the default partition it needs a lock that readers of that
 *     partition hold up, for an instant.
 */
final class EventPartitions {

  private static final String PREFIX = "event_p";

  /** What single events are looked for by. */
  private static final List<String> SEARCHED =
      List.of("event_id", "trace_id", "case_id", "user_id");

  /** SQLSTATE duplicate_table. */
  private static final String DUPLICATE_TABLE = "42P07";

  private EventPartitions() {}

  /** Makes a day's partition; what the default partition holds of the day moves in. */
  static void make(Handle handle, LocalDate day) {
    boolean moving = defaultHolds(handle, day);
    if (moving) {
      // Nobody may add to the default partition between the move and the attachment.
      handle.execute("LOCK TABLE event_default IN ACCESS EXCLUSIVE MODE");
    }
    handle.execute(
        "CREATE TABLE %s (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            .formatted(name(day)));
    if (moving) {
      move(handle, day);
    }
    handle.execute("ALTER TABLE event ATTACH PARTITION %s %s".formatted(name(day), bounds(day)));
  }

  /**
   * Keeps events where they are until the end of the transaction. Whatever reads table {@code
   * event} must do this first: partitions are not part of a snapshot, so a statement that was begun
   * before a move ends would find the events in neither partition, the new one or the default one.
   */
  static void holdStill(Handle handle) {
    handle.execute("LOCK TABLE event_default IN ACCESS SHARE MODE");
  }

  /**
   * A day's partition.
   *
   * @param day a UTC day
   * @param added how many rows were added to it in all, by the database's statistics
   * @param missingIndexes those for searches that it lacks, as statements that make them
   */
  record Partition(LocalDate day, long added, List<String> missingIndexes) {}

  /** The partitions of days that lack indexes for searches, oldest first. */
  static List<Partition> withoutIndexes(Handle handle, LocalDate first, LocalDate before) {
    return handle
        .createQuery(
            """
            SELECT child.relname, pg_stat_get_tuples_inserted(child.oid) AS added,
              ARRAY(SELECT made.relname
                FROM pg_index JOIN pg_class AS made ON made.oid = indexrelid
                WHERE indrelid = child.oid AND indisvalid) AS indexes
            FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
            WHERE inhparent = CAST('event' AS regclass)
              AND child.relname >= :first AND child.relname < :before
            ORDER BY child.relname
            """)
        .bind("first", name(first))
        .bind("before", name(before))
        .map(
            (row, context) ->
                new Partition(
                    day(row.getString("relname")),
                    row.getLong("added"),
                    missingIndexes(
                        row.getString("relname"),
                        List.of((String[]) row.getArray("indexes").getArray()))))
        .filter(partition -> !partition.missingIndexes().isEmpty())
        .list();
  }

  private static List<String> missingIndexes(String table, List<String> valid) {
    List<String> statements = new ArrayList<>();
    for (String column : SEARCHED) {
      String index = table + "_by_" + column;
      if (!valid.contains(index)) {
        // One that was begun and not ended is left, and of no use.
        statements.add("DROP INDEX IF EXISTS " + index);
        statements.add(
            "CREATE INDEX CONCURRENTLY %1$s ON %2$s (%3$s) WHERE %3$s IS NOT NULL"
                .formatted(index, table, column));
      }
    }
    if (!statements.isEmpty()) {
      // A plan that knows nothing of a name's rarity may go through the day instead.
      statements.add("ANALYZE " + table);
    }
    return statements;
  }

  /** Whether a statement has failed because the table was there already. */
  static boolean isAlreadyThere(Throwable thrown) {
    return thrown.getCause() instanceof SQLException e && DUPLICATE_TABLE.equals(e.getSQLState());
  }

  /** Drops a day's partition with its events; those that are held move to the default partition. */
  static void drop(Handle handle, LocalDate day) {
    if (!HoldTable.list(handle).isEmpty() && existing(handle).contains(day)) {
      handle.execute("ALTER TABLE event DETACH PARTITION " + name(day));
      handle.execute(
          "INSERT INTO event_default SELECT * FROM %s AS event WHERE %s"
              .formatted(name(day), HoldTable.held("event")));
    }
    handle.execute("DROP TABLE IF EXISTS " + name(day));
  }

  /** The days from the first to before the last one that the default partition has events of. */
  static List<LocalDate> daysInDefault(Handle handle, LocalDate first, LocalDate before) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT CAST(ts AT TIME ZONE 'UTC' AS date)
            FROM event_default
            WHERE ts >= :first AND ts < :before
            """)
        .bind("first", utc(start(first)))
        .bind("before", utc(start(before)))
        .mapTo(LocalDate.class)
        .list();
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
        .map(EventPartitions::day)
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

  private static void move(Handle handle, LocalDate day) {
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
  }

  /** Made of digits alone, so it is safe to stand in a statement. */
  static String name(LocalDate day) {
    return PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  private static LocalDate day(String name) {
    return LocalDate.parse(name.substring(PREFIX.length()), DateTimeFormatter.BASIC_ISO_DATE);
  }

  private static String bounds(LocalDate day) {
    return "FOR VALUES FROM ('%s') TO ('%s')".formatted(start(day), start(day.plusDays(1)));
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
