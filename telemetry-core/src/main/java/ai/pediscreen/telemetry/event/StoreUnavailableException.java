package ai.pediscreen.telemetry.event;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or did not answer in time. The outcome is unknown; retrying is
 * safe, since an event counts once however often it is sent.
 */
public class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private @Nullable Duration retryAfter;

  public StoreUnavailableException(String message) {
    super(message);
  }

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * One that names when to retry.
   *
   * @param retryAfter not sooner than after so long; null if the store has not said
   */
  public StoreUnavailableException(
      String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long to wait at least before a retry, where the store has said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
