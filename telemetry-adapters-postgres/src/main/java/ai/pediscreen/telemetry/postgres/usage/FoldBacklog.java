package ai.pediscreen.telemetry.postgres.usage;

import java.time.Duration;

/**
 * Slows writers down that add more than the fold can take: answers read all that is pending, so
 * they would take longer and longer, and in the end fail. Events of the same minutes add next to
 * nothing, so it takes events of many minutes to cause this, such as those of past weeks.
 *
 * <p>A transaction that is durable waits before its events are answered, for what it has added
 * itself, the longer the more is pending. It has events of all organisations that waited together,
 * so those wait, too. It never waits for the fold to succeed: one or two programs write no more
 * than is folded, and none is stopped if nothing is.
 *
 * <p>Thread-safe.
 */
public final class FoldBacklog {

  /** An answer reads it within a second; some seconds' work of the fold. */
  static final long ALLOWED_BYTES = 4 << 20;

  /** What a thread adds at twice what is allowed; two of them add about what is folded. */
  private static final long BYTES_PER_SECOND = 300_000;

  private static final Duration MAX_DELAY = Duration.ofMillis(500);

  /** Measuring reads a row for each group that is pending. */
  private static final Duration MEASURED_EVERY = Duration.ofMillis(500);

  private volatile long bytes;

  // Of the thread that folds.
  private long measuredNanos = System.nanoTime() - MEASURED_EVERY.toNanos();

  FoldBacklog() {}

  /** So much is pending now. */
  void measured(long pendingBytes) {
    bytes = pendingBytes;
    measuredNanos = System.nanoTime();
  }

  /** Whether it is to be measured again; asked by the thread that folds. */
  boolean isOld() {
    return System.nanoTime() - measuredNanos >= MEASURED_EVERY.toNanos();
  }

  /** How much was pending when it was last measured. */
  public long bytes() {
    return bytes;
  }

  /** Waits, if too much is pending, for what the caller has added to it. */
  public void await(long addedBytes) {
    Duration delay = delay(addedBytes);
    if (!delay.isZero()) {
      try {
        Thread.sleep(delay.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** How long {@link #await} waits. */
  Duration delay(long addedBytes) {
    double excess = (double) (bytes - ALLOWED_BYTES) / ALLOWED_BYTES;
    if (excess <= 0) {
      return Duration.ZERO;
    }
    long millis = (long) (1_000 * excess * addedBytes / BYTES_PER_SECOND);
    return Duration.ofMillis(Math.min(millis, MAX_DELAY.toMillis()));
  }
}
