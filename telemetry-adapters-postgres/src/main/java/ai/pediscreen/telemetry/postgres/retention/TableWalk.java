package ai.pediscreen.telemetry.postgres.retention;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;

/**
 * Deletes rows of a table from its first page to its last, some pages in each transaction: a table
 * of any size is read once, and no transaction takes long. Between two it rests for as long as the
 * first one took, so that others have the disk for at least half of the time.
 */
final class TableWalk {

  /** Two megabytes: about 25 000 rows of the ledger. */
  private static final int PAGES_AT_ONCE = 256;

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  /** Told after each transaction. */
  interface Progress {
    /**
     * A part is done.
     *
     * @param rows deleted by this transaction
     * @param share of the table that is done; 0 to 1
     */
    void done(long rows, double share);
  }

  private TableWalk() {}

  /**
   * Deletes the rows that fulfil a condition.
   *
   * @param handle not within a transaction
   * @param table a name, or a condition: no text from outside
   * @param edges what the names in the condition stand for
   */
  static void delete(
      Handle handle,
      String table,
      String condition,
      Map<String, Instant> edges,
      Progress progress) {
    // What is added behind the last page meanwhile has not expired.
    long pages = pages(handle, table);
    for (long from = 0; from < pages; from += PAGES_AT_ONCE) {
      long startNanos = System.nanoTime();
      var update =
          handle.createUpdate(
              """
              DELETE FROM %s
              WHERE ctid >= CAST('(%d,0)' AS tid) AND ctid < CAST('(%d,0)' AS tid) AND (%s)
              """
                  .formatted(table, from, from + PAGES_AT_ONCE, condition));
      edges.forEach((name, edge) -> update.bind(name, utc(edge)));
      int rows = update.execute();
      progress.done(rows, Math.min(1, (from + PAGES_AT_ONCE) / (double) pages));
      if (rows > 0) {
        LockSupport.parkNanos(Math.min(System.nanoTime() - startNanos, LONGEST_REST.toNanos()));
      }
    }
  }

  private static long pages(Handle handle, String table) {
    return handle
        .createQuery(
            """
            SELECT pg_relation_size(CAST(:table AS regclass))
              / CAST(current_setting('block_size') AS bigint)
            """)
        .bind("table", table)
        .mapTo(Long.class)
        .one();
  }
}
