package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Advisory locks: locks of PostgreSQL on no table (PostgreSQL manual, 13.3.5). */
public final class AdvisoryLock {

  /** Held, shared, by every transaction that adds events, to its end. "PSTWRIT" in ASCII. */
  public static final long WRITERS = 0x50_53_54_57_52_49_54L;

  /** Others queue behind a waiter, so the timeout is short. */
  private static final Duration WAIT = Duration.ofMillis(200);

  private static final Duration PAUSE = Duration.ofMillis(300);

  /** Together longer than a stopped writer keeps its lock. */
  private static final int TRIES = 60;

  private AdvisoryLock() {}

  /**
   * Waits until the current holders of a lock have released it, and takes it only for that instant.
   * Not within a transaction.
   *
   * @throws StoreUnavailableException if it is held for half a minute
   */
  public static void takeForAnInstant(Handle handle, long lock) {
    for (int attempt = 1; !tryForAnInstant(handle, lock); attempt++) {
      if (attempt == TRIES) {
        throw new StoreUnavailableException(
            "timeout while waiting for a database lock that another transaction holds");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Takes a lock to the end of the transaction, and waits for it. */
  public static void take(Handle handle, long lock) {
    handle
        .createQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
        .bind("lock", lock)
        .mapTo(Integer.class)
        .one();
  }

  /** Takes a free lock to the end of the transaction. */
  public static boolean tryTake(Handle handle, long lock) {
    return handle
        .createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
        .bind("lock", lock)
        .mapTo(Boolean.class)
        .one();
  }

  /** Takes a free lock to the end of the session's work. */
  public static boolean tryInSession(Handle handle, long lock) {
    return handle
        .createQuery("SELECT pg_try_advisory_lock(:lock)")
        .bind("lock", lock)
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean tryForAnInstant(Handle handle, long lock) {
    try {
      handle.useTransaction(
          transaction -> {
            LockTimeout.set(transaction, WAIT);
            take(transaction, lock);
          });
      return true;
    } catch (UnableToExecuteStatementException e) {
      if (LockTimeout.isCauseOf(e)) {
        return false;
      }
      throw e;
    }
  }
}
