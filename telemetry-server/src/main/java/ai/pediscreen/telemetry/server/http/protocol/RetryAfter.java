package ai.pediscreen.telemetry.server.http.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The value of {@code Retry-After} for refused requests: it grows with the length of the overload,
 * since others retry too. Thread-safe.
 */
public final class RetryAfter {

  static final int MAX_SECONDS = 30;

  /** So long a sender may wait for an answer. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;

  // Guarded by this.
  private boolean begun;
  private long beganNanos;
  private long lastNanos;
  private int lastSeconds;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public RetryAfter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * For a request that is refused now: 1 second at first, then half the time since the overload
   * began, at most 30. The overload is over once those who were refused last could have come again
   * and been refused.
   */
  public synchronized int seconds() {
    long now = nanoTime.getAsLong();
    if (!begun || now - lastNanos > ANSWER.plusSeconds(lastSeconds).toNanos()) {
      begun = true;
      beganNanos = now;
    }
    lastNanos = now;
    lastSeconds =
        (int)
            Math.min(MAX_SECONDS, 1 + Duration.ofNanos(now - beganNanos).dividedBy(2).toSeconds());
    return lastSeconds;
  }
}
