package ai.pediscreen.telemetry.server.http.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A bucket for each name. Names are chosen by senders, so their number is limited; beyond it names
 * share one bucket. Thread-safe.
 */
final class TokenBuckets {

  private static final int MAX_NAMES = 10_000;
  private static final String OTHERS = "";

  private final ConcurrentMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();

  /** The bucket of a name; null if it has used nothing for so long that it would be full. */
  @Nullable TokenBucket find(String name) {
    TokenBucket bucket = buckets.get(name);
    return bucket == null && buckets.size() >= MAX_NAMES ? buckets.get(OTHERS) : bucket;
  }

  /** The bucket of a name, made if need be. */
  TokenBucket of(String name, double perSecond, double capacity, long nowNanos) {
    TokenBucket known = buckets.get(name);
    if (known != null) {
      return known;
    }
    if (buckets.size() >= MAX_NAMES) {
      buckets.values().removeIf(bucket -> bucket.isFull(nowNanos));
    }
    return buckets.computeIfAbsent(
        buckets.size() < MAX_NAMES ? name : OTHERS,
        unused -> new TokenBucket(perSecond, capacity, nowNanos));
  }
}
