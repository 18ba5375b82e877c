package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message on one channel. Immutable.
 *
 * @param message what is sent
 * @param channel where
 * @param attempts how often it was tried, a current one included
 * @param due when it is tried next, at the earliest
 * @param delivered when it arrived; null if it did not
 * @param parked when it was given up; null if it was not
 * @param failure why the last try failed; null if none did
 */
public record AlertDelivery(
    AlertMessage message,
    AlertChannel channel,
    int attempts,
    Instant due,
    @Nullable Instant delivered,
    @Nullable Instant parked,
    @Nullable String failure) {

  public AlertDelivery {
    requireNonNull(message, "message");
    requireNonNull(channel, "channel");
    requireNonNull(due, "due");
  }

  /** Whether it is still to arrive. */
  public boolean isWaiting() {
    return delivered == null && parked == null;
  }
}
