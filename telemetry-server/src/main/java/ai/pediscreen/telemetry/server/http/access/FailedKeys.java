package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;

/**
 * Makes addresses wait from which too many keys come that are not valid. It slows down lookups of
 * keys that were never seen valid, and nobody else. Thread-safe.
 */
final class FailedKeys {

  /** Whoever sets up two hundred senders with last year's keys is not an attacker yet. */
  static final int AT_ONCE = 200;

  static final int PER_SECOND = 20;

  private final TokenBuckets byAddress = new TokenBuckets();

  /**
   * To be asked before a key is looked up that is not known.
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
