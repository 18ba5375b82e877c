package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much each sender may do: requests and events a second of an organisation, of a key that
 * belongs to none, or, where no keys are required, of an address; and events a second of a key that
 * was made with its own limit. What one second allows may be used at once. A batch is accepted as a
 * whole, and its sender waits before the next one.
 *
 * <p>Thread-safe.
 */
public final class SenderLimits {

  private static final String REQUESTS = "requests";
  private static final String EVENTS = "events";

  private final SenderRates rates;
  private final LongSupplier nanoTime;
  private final Consumer<String> limited;
  private final TokenBuckets requests = new TokenBuckets();
  private final TokenBuckets events = new TokenBuckets();

  /** What was used here and is not told to other servers yet, by sender. */
  private final ConcurrentMap<String, AtomicLong> untold = new ConcurrentHashMap<>();

  /**
   * @param nanoTime as {@link System#nanoTime()}
   * @param limited is notified of each refused request: over which limit
   */
  public SenderLimits(SenderRates rates, LongSupplier nanoTime, Consumer<String> limited) {
    this.rates = rates;
    this.nanoTime = nanoTime;
    this.limited = limited;
  }

  /**
   * Counts a request.
   *
   * @throws ProblemException 429 if the sender makes too many
   */
  void request(Context ctx, Caller caller) {
    Integer perSecond = rates.requestsPerSecond();
    if (perSecond == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    String sender = sender(ctx, caller);
    TokenBucket bucket = requests.of(sender, perSecond, perSecond, now);
    if (!bucket.tryTakeOne(now)) {
      throw refused(REQUESTS, perSecond, bucket, now);
    }
    tell(REQUESTS + ":" + sender, 1);
  }

  /**
   * Call it before events are read.
   *
   * @throws ProblemException 429 if the sender sent too many before
   */
  public void requireRoom(Context ctx) {
    long now = nanoTime.getAsLong();
    Allowance most = narrowest(allowances(ctx, now), now);
    if (most != null && !most.bucket.hasOne(now)) {
      throw refused(EVENTS, most.perSecond, most.bucket, now);
    }
  }

  /** Counts events that were read, and sets the headers that say what is left. */
  public void used(Context ctx, long count) {
    long now = nanoTime.getAsLong();
    List<Allowance> allowances = allowances(ctx, now);
    for (Allowance allowance : allowances) {
      allowance.bucket.take(count, now);
      tell(EVENTS + ":" + allowance.sender, count);
    }
    Allowance most = narrowest(allowances, now);
    if (most != null) {
      headers(most.perSecond, most.bucket, now).forEach(ctx::header);
    }
  }

  /** What was used here since this was asked last. */
  public Map<String, Long> takeUntold() {
    Map<String, Long> used = new HashMap<>();
    untold.forEach(
        (sender, count) -> {
          long taken = count.getAndSet(0);
          if (taken > 0) {
            used.put(sender, taken);
          }
        });
    return used;
  }

  /** What other servers let a sender do: it is as if it had been done here. */
  public void usedElsewhere(String name, long count) {
    long now = nanoTime.getAsLong();
    boolean ofRequests = name.startsWith(REQUESTS + ":");
    TokenBucket bucket =
        (ofRequests ? requests : events).find(name.substring(name.indexOf(':') + 1));
    if (bucket != null) {
      bucket.take(count, now);
    }
  }

  private void tell(String name, long count) {
    // Of names that anybody may choose, no more than there are buckets.
    if (rates.shared() && (untold.size() < 10_000 || untold.containsKey(name))) {
      untold.computeIfAbsent(name, unused -> new AtomicLong()).addAndGet(count);
    }
  }

  /** The limit that the sender is nearest to; null if it has none. */
  private static @Nullable Allowance narrowest(List<Allowance> allowances, long now) {
    Allowance narrowest = null;
    for (Allowance allowance : allowances) {
      if (narrowest == null || allowance.bucket.remaining(now) < narrowest.bucket.remaining(now)) {
        narrowest = allowance;
      }
    }
    return narrowest;
  }

  private List<Allowance> allowances(Context ctx, long now) {
    Caller caller = Caller.of(ctx);
    AccessKey key = caller.key();
    Integer ofKey = key == null ? null : key.eventsPerSecond();
    Integer ofSender = rates.eventsPerSecond();
    if (ofKey == null && ofSender == null) {
      return List.of();
    }
    List<Allowance> allowances = new ArrayList<>(2);
    if (ofSender != null) {
      allowances.add(allowance(sender(ctx, caller), ofSender, now));
    }
    if (ofKey != null) {
      allowances.add(allowance("key " + caller.keyPrefix(), ofKey, now));
    }
    return allowances;
  }

  private Allowance allowance(String sender, int perSecond, long now) {
    return new Allowance(sender, perSecond, events.of(sender, perSecond, perSecond, now));
  }

  /** By what a sender is known: its organisation, its key, or where it has none its address. */
  public static String sender(Context ctx) {
    return sender(ctx, Caller.of(ctx));
  }

  private static String sender(Context ctx, Caller caller) {
    String orgId = caller.reach().orgId();
    if (orgId != null) {
      return "org " + orgId;
    }
    String prefix = caller.keyPrefix();
    return prefix == null ? "address " + ctx.req().getRemoteAddr() : "all keys " + prefix;
  }

  private ProblemException refused(String what, int perSecond, TokenBucket bucket, long now) {
    limited.accept(what);
    Problem problem =
        Problem.tooMany(
            "more than %d %s a second".formatted(perSecond, what), bucket.secondsUntilOne(now));
    Map<String, String> headers = new HashMap<>(problem.headers());
    headers.putAll(headers(perSecond, bucket, now));
    return new Problem(problem.status(), problem.errorCode(), problem.message(), List.of(), headers)
        .exception();
  }

  private static Map<String, String> headers(int perSecond, TokenBucket bucket, long now) {
    long remaining = bucket.remaining(now);
    return Map.of(
        "RateLimit-Limit", Integer.toString(perSecond),
        "RateLimit-Remaining", Long.toString(remaining),
        "RateLimit-Reset", Integer.toString(bucket.secondsUntilFull(now)));
  }

  /** One limit that holds for a request. */
  private record Allowance(String sender, int perSecond, TokenBucket bucket) {}
}
