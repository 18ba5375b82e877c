package ai.pediscreen.telemetry.server.http.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long those should wait who are sent away: the longer it has been so, the longer, since others
 * come again too. Thread-safe.
 */
public final class RetryAfter {

  static final int MAX_SECONDS = 30;

  /** After this time without anybody sent away, it is over. */
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
   * For one who is sent away now: 1 second at first, half as long as it has been so, at most 30.
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
