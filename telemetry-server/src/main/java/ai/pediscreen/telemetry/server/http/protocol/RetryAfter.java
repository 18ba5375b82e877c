package ai.pediscreen.telemetry.server.http.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The value of {@code Retry-After} for refused requests: it grows with the length of the overload,
 * since others retry too. Thread-safe.
 */
public final class RetryAfter {

  static final int MAX_SECONDS = 30;

  /** After this time without a refused request the overload is over. */
  private static final Duration OVER = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;

  // Guarded by this.
  private boolean begun;
  private long beganNanos;
  private long lastNanos;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  public RetryAfter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * For a request that is refused now: 1 second at first, then half the time since the overload
   * began, at most 30.
   */
  public synchronized int seconds() {
    long now = nanoTime.getAsLong();
    if (!begun || now - lastNanos > OVER.toNanos()) {
      begun = true;
      beganNanos = now;
    }
    lastNanos = now;
    return (int)
        Math.min(MAX_SECONDS, 1 + Duration.ofNanos(now - beganNanos).dividedBy(2).toSeconds());
  }
}
