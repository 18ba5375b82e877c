package ai.pediscreen.telemetry.postgres.partition;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

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
 *     partition hold up, and that holds them up: while PostgreSQL reads all of the default
 *     partition to see that it has no row of the day, and while such rows move. Functions of the
 *     owner's do it, so that a server need not own the tables.
 */
public final class EventPartitions {

  private static final String PREFIX = "event_p";

  /** What single events are looked for by. */
  private static final List<String> SEARCHED =
      List.of("event_id", "trace_id", "case_id", "user_id");

  /** SQLSTATE duplicate_table. */
  private static final String DUPLICATE_TABLE = "42P07";

  private EventPartitions() {}

  /** Makes a day's partition; what the default partition holds of the day moves in. */
  public static void make(Handle handle, LocalDate day) {
    call(handle, "make_event_day", day);
  }

  /**
   * A day's partition.
   *
   * @param day a UTC day
   * @param added how many rows were added to it in all, by the database's statistics
   * @param missingIndexes those for searches that it lacks, as statements that make them
   * @param owned whether this user is its owner, so that they are made beside writers
   */
  record Partition(LocalDate day, long added, List<String> missingIndexes, boolean owned) {}

  /** The partitions of days that lack indexes for searches, oldest first. */
  static List<Partition> withoutIndexes(Handle handle, LocalDate first, LocalDate before) {
    return handle
        .createQuery(
            """
            SELECT child.relname, pg_stat_get_tuples_inserted(child.oid) AS added,
              pg_has_role(child.relowner, 'USAGE') AS owned,
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
            (row, context) -> {
              LocalDate day = day(row.getString("relname"));
              boolean owned = row.getBoolean("owned");
              List<String> valid = List.of((String[]) row.getArray("indexes").getArray());
              return new Partition(
                  day, row.getLong("added"), missingIndexes(day, valid, owned), owned);
            })
        .filter(partition -> !partition.missingIndexes().isEmpty())
        .list();
  }

  private static List<String> missingIndexes(LocalDate day, List<String> valid, boolean owned) {
    String table = name(day);
    List<String> statements = new ArrayList<>();
    for (String column : SEARCHED) {
      String index = table + "_by_" + column;
      if (valid.contains(index)) {
        continue;
      }
      if (owned) {
        // One that was begun and not ended is left, and of no use.
        statements.add("DROP INDEX IF EXISTS " + index);
        statements.add(
            "CREATE INDEX CONCURRENTLY %1$s ON %2$s (%3$s) WHERE %3$s IS NOT NULL"
                .formatted(index, table, column));
      } else {
        statements.add("SELECT index_event_day(date '%s', '%s')".formatted(day, column));
      }
    }
    if (!statements.isEmpty()) {
      // A plan that knows nothing of a name's rarity may go through the day instead.
      statements.add(
          owned ? "ANALYZE " + table : "SELECT index_event_day(date '%s', NULL)".formatted(day));
    }
    return statements;
  }

  /** Whether a statement has failed because the table was there already. */
  static boolean isAlreadyThere(Throwable thrown) {
    return thrown.getCause() instanceof SQLException e && DUPLICATE_TABLE.equals(e.getSQLState());
  }

  /** Drops a day's partition with its events; those that are held move to the default partition. */
  static void drop(Handle handle, LocalDate day) {
    call(handle, "drop_event_day", day);
  }

  /** One of the owner's functions (see V34), which any server may call. */
  private static void call(Handle handle, String function, LocalDate day) {
    handle.execute("SELECT %s(date '%s')".formatted(function, day));
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
  public static Set<LocalDate> missing(Handle handle, LocalDate first, LocalDate last) {
    Set<LocalDate> missing = new TreeSet<>(first.datesUntil(last.plusDays(1)).toList());
    existing(handle).forEach(missing::remove);
    return missing;
  }

  /** How many events the default partition holds, counted to a limit. */
  public static long inDefault(Handle handle, int limit) {
    return handle
        .createQuery("SELECT count(*) FROM (SELECT FROM event_default LIMIT :limit) AS outside")
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  /** Days that have a partition. */
  public static List<LocalDate> existing(Handle handle) {
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

  /** Made of digits alone, so it is safe to stand in a statement. */
  public static String name(LocalDate day) {
    return PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  private static LocalDate day(String name) {
    return LocalDate.parse(name.substring(PREFIX.length()), DateTimeFormatter.BASIC_ISO_DATE);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
