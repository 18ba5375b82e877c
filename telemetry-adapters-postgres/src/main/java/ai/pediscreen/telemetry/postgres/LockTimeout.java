package ai.pediscreen.telemetry.postgres;

import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How long a statement waits for a lock, which others may then be waiting behind. */
final class LockTimeout {

  /** SQLSTATE lock_not_available. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private LockTimeout() {}

  /** For the rest of the transaction, statements give up waiting for a lock after this. */
  static void set(Handle handle, Duration timeout) {
    handle
        .createQuery("SELECT set_config('lock_timeout', :timeout, true)")
        .bind("timeout", timeout.toMillis() + "ms")
        .mapTo(String.class)
        .one();
  }

  /** Whether a statement has given up waiting for a lock. */
  static boolean isCauseOf(Throwable thrown) {
    for (@Nullable Throwable next = thrown; next != null; next = next.getCause()) {
      if (next instanceof SQLException e && LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
