package ai.pediscreen.telemetry.server.http.access;

/**
 * A token bucket: a rate that may be exceeded briefly. Tokens refill at the rate, up to the
 * capacity, and are taken by use. If there is one, more may be taken than there are; the next one
 * then comes later. Thread-safe.
 */
final class TokenBucket {

  private static final double NANOS_A_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;

  // Guarded by this.
  private double tokens;
  private long atNanos;

  /**
   * @param perSecond the rate; over 0
   * @param capacity how many are kept at most; at least 1
   */
  TokenBucket(double perSecond, double capacity, long nowNanos) {
    if (!(perSecond > 0) || !(capacity >= 1)) {
      throw new IllegalArgumentException(
          "perSecond must be over 0 and capacity at least 1 but are %s and %s"
              .formatted(perSecond, capacity));
    }
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.tokens = capacity;
    this.atNanos = nowNanos;
  }

  /** Whether there is one to be taken. */
  synchronized boolean hasOne(long nowNanos) {
    return refilled(nowNanos) >= 1;
  }

  /** Takes one, if there is one. */
  synchronized boolean tryTakeOne(long nowNanos) {
    if (refilled(nowNanos) < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Takes what was used, whether it is there or not. */
  synchronized void take(long used, long nowNanos) {
    tokens = refilled(nowNanos) - used;
  }

  /** Whole tokens that are there; 0 if less. */
  synchronized long remaining(long nowNanos) {
    return (long) Math.max(0, refilled(nowNanos));
  }

  /** In how many seconds, at least 1, there will be one. */
  synchronized int secondsUntilOne(long nowNanos) {
    double missing = 1 - refilled(nowNanos);
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.ceil(missing / perSecond)));
  }

  /** In how many seconds it will be full, if nothing is taken; 0 if it is. */
  synchronized int secondsUntilFull(long nowNanos) {
    return (int)
        Math.min(Integer.MAX_VALUE, Math.ceil((capacity - refilled(nowNanos)) / perSecond));
  }

  /** Whether it can be dropped: a new one would be as full. */
  synchronized boolean isFull(long nowNanos) {
    return refilled(nowNanos) >= capacity;
  }

  private double refilled(long nowNanos) {
    if (nowNanos - atNanos > 0) {
      tokens = Math.min(capacity, tokens + (nowNanos - atNanos) / NANOS_A_SECOND * perSecond);
      atNanos = nowNanos;
    }
    return tokens;
  }
}
