package ai.pediscreen.telemetry.postgres.partition;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.LockTimeout;
import ai.pediscreen.telemetry.postgres.transaction.RefusedByDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * How a try to make or drop a partition has ended: in a transaction of its own, which does not wait
 * long for a lock that readers hold.
 */
enum PartitionTry {
  DONE,
  /** Another holds a lock, was faster, or has added to the default partition meanwhile. */
  LATER,
  TOO_LONG;

  private static final Duration LOCK_WAIT = Duration.ofMillis(100);

  /** What runs a transaction of the kind that is fit. */
  interface Transaction {
    boolean run(Database.Work<Boolean> work);
  }

  /**
   * Makes a day's partition.
   *
   * @param limit after which it is given up, and lets those go on who wait for it
   */
  static PartitionTry make(Transaction transaction, LocalDate day, Duration limit) {
    try {
      return run(
          transaction,
          handle -> {
            LockTimeout.limitStatements(handle, limit);
            EventPartitions.make(handle, day);
          });
    } catch (StoreUnavailableException e) {
      if (!LockTimeout.isCancelled(e)) {
        throw e;
      }
      return TOO_LONG;
    }
  }

  /** Drops one, with the time that the transaction has. */
  static PartitionTry drop(Transaction transaction, LocalDate day) {
    return run(transaction, handle -> EventPartitions.drop(handle, day));
  }

  private static PartitionTry run(Transaction transaction, Consumer<Handle> work) {
    try {
      transaction.run(
          handle -> {
            LockTimeout.set(handle, LOCK_WAIT);
            work.accept(handle);
            return true;
          });
      return DONE;
    } catch (StoreUnavailableException | RefusedByDatabase e) {
      if (!isPassing(e)) {
        throw e;
      }
      return LATER;
    }
  }

  private static boolean isPassing(RuntimeException e) {
    return LockTimeout.isCauseOf(e)
        || e instanceof RefusedByDatabase
        || EventPartitions.isAlreadyThere(e);
  }
}
