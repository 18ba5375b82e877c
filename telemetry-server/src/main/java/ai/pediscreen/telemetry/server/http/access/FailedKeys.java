package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;

/**
 * Rate limits addresses that send too many invalid keys. It delays only lookups of keys that were
 * never seen valid. Thread-safe.
 */
final class FailedKeys {

  /** Two hundred senders that are set up with last year's keys are no attack yet. */
  static final int AT_ONCE = 200;

  static final int PER_SECOND = 20;

  private final TokenBuckets byAddress = new TokenBuckets();

  /**
   * Call it before looking up a key that is not cached.
   *
   * @throws ProblemException 429 if too many were wrong
   */
  void requireFew(String address, long nowNanos) {
    TokenBucket bucket = byAddress.find(address);
    if (bucket != null && !bucket.hasOne(nowNanos)) {
      throw Problem.tooMany(
              "too many invalid keys from this address", bucket.secondsUntilOne(nowNanos))
          .exception();
    }
  }

  /** A key from this address was not valid. */
  void count(String address, long nowNanos) {
    byAddress.of(address, PER_SECOND, AT_ONCE, nowNanos).take(1, nowNanos);
  }
}
