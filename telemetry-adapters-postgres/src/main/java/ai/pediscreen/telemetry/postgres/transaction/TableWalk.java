package ai.pediscreen.telemetry.postgres.transaction;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;

/**
 * Changes rows of a table from its first page to its last, some pages in each transaction: a table
 * of any size is read once, and no transaction takes long. Between two it rests for as long as the
 * first one took, so that others have the disk for at least half of the time.
 */
public final class TableWalk {

  /** Two megabytes: about 25 000 rows of the ledger. */
  private static final int PAGES_AT_ONCE = 256;

  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  /** What is done in one transaction. */
  public interface Step {
    /**
     * Does it.
     *
     * @param inPages a condition in SQL that the rows of some pages fulfil
     * @param share of the table that is done then; 0 to 1
     * @return how many rows were changed
     */
    int run(String inPages, double share);
  }

  private TableWalk() {}

  /**
   * Goes through a table.
   *
   * @param handle not within a transaction
   */
  public static void walk(Handle handle, String table, Step step) {
    // What is added behind the last page meanwhile is not meant.
    long pages = pages(handle, table);
    for (long from = 0; from < pages; from += PAGES_AT_ONCE) {
      long startNanos = System.nanoTime();
      int rows =
          step.run(
              "ctid >= CAST('(%d,0)' AS tid) AND ctid < CAST('(%d,0)' AS tid)"
                  .formatted(from, from + PAGES_AT_ONCE),
              Math.min(1, (from + PAGES_AT_ONCE) / (double) pages));
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
