package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.erasure.PostgresErasures;
import ai.pediscreen.telemetry.postgres.partition.DayPartitions;
import ai.pediscreen.telemetry.postgres.retention.Retention;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a database in order: partitions and indexes, retention, and the erasures that were
 * asked for. The program that opened the {@link PostgresTelemetry} calls it regularly.
 *
 * <p>Thread-safe. Several programs may do so at once.
 */
public final class PostgresMaintenance {

  private final Database database;
  private final DayPartitions partitions;
  private final Retention retention;

  PostgresMaintenance(Database database, DayPartitions partitions, Retention retention) {
    this.database = database;
    this.partitions = partitions;
    this.retention = retention;
  }

  /**
   * Makes the partitions of the coming days and the indexes for searches of days that are over, as
   * the owner of the tables: no event waits then, however large a day is.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public static void prepareDays(PostgresSettings owner) {
    try (Database database = Opening.pooled(owner)) {
      new DayPartitions(database, owner.retentionDays()).maintain();
    }
  }

  /**
   * Makes the partitions of the coming days, and deletes what is past its retention, in small
   * steps. Call it more than once a day: a clock that has moved further since the last call is not
   * trusted (see {@link #confirmRetention}); several programs may do so at once, and doing it twice
   * changes nothing. Minutes may pass.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void run() {
    partitions.maintain();
    retention.run();
  }

  /**
   * Makes the indexes by which {@link PostgresTelemetry#search} finds events, in days that are over
   * and that nothing was added to since the last call. To be called about once a minute; {@link
   * #run} makes them in days that never rest. Minutes may pass.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void indexQuietDays() {
    partitions.indexQuietDays();
  }

  /**
   * Confirms to {@link #run} that the database's clock is right and that all that has expired by it
   * may be deleted, however much. Needed after the clock has jumped by more than a day, as it does
   * for a database that nothing has maintained for so long, and when more than a week of days has
   * expired at once.
   *
   * @return the first day that is kept
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public LocalDate confirmRetention() {
    return retention.confirm();
  }

  /**
   * How many days of raw events have expired and are still there. They go at the next {@link #run}
   * that does not wait.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public int expiredDays() {
    return retention.expiredDays();
  }

  /**
   * What retention has done since this program started. Immutable.
   *
   * @param waiting whether it is paused until {@link #confirmRetention}
   * @param droppedDays days whose raw events were dropped
   * @param deletedRows rows of the ledger and the rollups that were deleted
   * @param progress how much of the table that is walked through is done; 0 to 1, and 1 while no
   *     run is under way
   */
  public record Retained(boolean waiting, long droppedDays, long deletedRows, double progress) {}

  /** What retention has done so far; known without asking the database. */
  public Retained retention() {
    return new Retained(
        retention.isWaiting(),
        retention.droppedDays(),
        retention.deletedRows(),
        retention.progress());
  }

  /**
   * Does the erasures that are due, unless another program does. To be called every few seconds;
   * minutes may pass.
   *
   * @param exported where events were exported to; null if they are not
   * @throws StoreUnavailableException if the database cannot be reached in time; the next call
   *     continues
   */
  public void erase(@Nullable ExportedEvents exported) {
    new PostgresErasures(database).run(exported);
  }
}
