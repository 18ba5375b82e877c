package ai.pediscreen.telemetry.job;

import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.sql.SQLException;

/**
 * What the exception of a computation means for its job.
 *
 * @param error what the caller sees: classes of exceptions and codes, and only messages that are
 *     known to quote nothing; the log has the rest
 * @param isFinal whether a retry cannot succeed
 */
public record JobFailure(String error, boolean isFinal) {

  /** How many causes are listed; deeper ones explain nothing to the caller. */
  private static final int DEPTH = 5;

  /** The meaning of what was thrown. */
  public static JobFailure of(Throwable thrown) {
    if (thrown instanceof DayNotOverException) {
      // The day will be over later, and is queued then.
      return new JobFailure(String.valueOf(thrown.getMessage()), true);
    }
    if (thrown instanceof StoreUnavailableException && thrown.getMessage() != null) {
      return new JobFailure(thrown.getMessage() + causes(thrown) + "; see the log", false);
    }
    return new JobFailure(
        "it failed unexpectedly: " + kind(thrown) + causes(thrown) + "; see the log",
        thrown instanceof IllegalArgumentException);
  }

  private static String causes(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    Throwable cause = thrown.getCause();
    for (int depth = 1; cause != null && depth < DEPTH; depth++) {
      text.append(", caused by ").append(kind(cause));
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String kind(Throwable thrown) {
    String name = thrown.getClass().getSimpleName();
    return thrown instanceof SQLException e && e.getSQLState() != null
        ? name + " with SQL state " + e.getSQLState()
        : name;
  }
}
