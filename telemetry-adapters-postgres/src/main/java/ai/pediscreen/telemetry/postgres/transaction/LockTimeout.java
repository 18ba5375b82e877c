package ai.pediscreen.telemetry.postgres.transaction;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How long a statement waits for a lock, which others may then be waiting behind, and how long it
 * has them wait for its own.
 */
public final class LockTimeout {

  /** SQLSTATE lock_not_available and deadlock_detected. */
  private static final Set<String> NOT_GOT = Set.of("55P03", "40P01");

  private LockTimeout() {}

  /** SQLSTATE query_canceled. */
  private static final Set<String> CANCELLED = Set.of("57014");

  /** For the rest of the transaction, statements give up waiting for a lock after this. */
  public static void set(Handle handle, Duration timeout) {
    setUntilCommit(handle, "lock_timeout", timeout);
  }

  /**
   * For the rest of the transaction, each statement is ended after this, which lets go of the locks
   * that it has. Waiting for one counts, too.
   */
  public static void limitStatements(Handle handle, Duration limit) {
    setUntilCommit(handle, "statement_timeout", limit);
  }

  private static void setUntilCommit(Handle handle, String setting, Duration duration) {
    handle
        .createQuery("SELECT set_config(:setting, :duration, true)")
        .bind("setting", setting)
        .bind("duration", duration.toMillis() + "ms")
        .mapTo(String.class)
        .one();
  }

  /** Whether a statement has given up waiting for a lock, or was ended to end a deadlock. */
  public static boolean isCauseOf(Throwable thrown) {
    return hasState(thrown, NOT_GOT);
  }

  /** Whether a statement was ended because it took too long. */
  public static boolean isCancelled(Throwable thrown) {
    return hasState(thrown, CANCELLED);
  }

  private static boolean hasState(Throwable thrown, Set<String> states) {
    for (@Nullable Throwable next = thrown; next != null; next = next.getCause()) {
      if (next instanceof SQLException e && states.contains(String.valueOf(e.getSQLState()))) {
        return true;
      }
    }
    return false;
  }
}
