package ai.pediscreen.telemetry.usage;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counts of some events: what a rollup stores and a figure is made of. Merging tallies of parts
 * gives the tally of the whole, in any order.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class UsageTally {

  private final LatencyHistogram latencies;
  private long calls;
  private long errors;
  private long fallbacks;
  private long latencySumMillis;
  private BigDecimal costUsd;
  private @Nullable Instant newest;

  /** The tally of no event. */
  public UsageTally() {
    this(0, 0, 0, 0, BigDecimal.ZERO, null, new LatencyHistogram());
  }

  /**
   * A tally as it was stored.
   *
   * @param calls number of events
   * @param errors of them, how many are errors
   * @param fallbacks of them, how many are fallbacks
   * @param latencySumMillis sum of all latencies
   * @param costUsd exact sum of all costs
   * @param newest newest timestamp; null if there is no event
   * @param latencies every latency; becomes a part of the tally
   */
  public UsageTally(
      long calls,
      long errors,
      long fallbacks,
      long latencySumMillis,
      BigDecimal costUsd,
      @Nullable Instant newest,
      LatencyHistogram latencies) {
    this.calls = calls;
    this.errors = errors;
    this.fallbacks = fallbacks;
    this.latencySumMillis = latencySumMillis;
    this.costUsd = costUsd;
    this.newest = newest;
    this.latencies = latencies;
  }

  /** Counts one event. */
  public void add(TelemetryEvent event) {
    calls++;
    errors += event.isError() ? 1 : 0;
    fallbacks += event.isFallback() ? 1 : 0;
    Long latencyMillis = event.response().latencyMillis();
    if (latencyMillis != null) {
      latencySumMillis += latencyMillis;
      latencies.record(latencyMillis);
    }
    if (event.costUsd() != null) {
      costUsd = costUsd.add(event.costUsd());
    }
    newest = later(newest, event.timestamp());
  }

  /** Adds all of another tally, which stays as it is. */
  public void merge(UsageTally other) {
    mergeCounts(other);
    latencies.merge(other.latencies);
  }

  /** Adds all but the distribution of latencies, which costs most and which not everyone reads. */
  void mergeCounts(UsageTally other) {
    mergeCounts(
        other.calls,
        other.errors,
        other.fallbacks,
        other.latencySumMillis,
        other.costUsd,
        other.newest);
  }

  void mergeCounts(
      long moreCalls,
      long moreErrors,
      long moreFallbacks,
      long moreLatencyMillis,
      BigDecimal moreUsd,
      @Nullable Instant newestOfMore) {
    calls += moreCalls;
    errors += moreErrors;
    fallbacks += moreFallbacks;
    latencySumMillis += moreLatencyMillis;
    costUsd = costUsd.add(moreUsd);
    newest = later(newest, newestOfMore);
  }

  public long calls() {
    return calls;
  }

  public long errors() {
    return errors;
  }

  public long fallbacks() {
    return fallbacks;
  }

  /** Sum of all latencies in milliseconds; of events that have one. */
  public long latencySumMillis() {
    return latencySumMillis;
  }

  /** Exact sum of all costs in US dollars. */
  public BigDecimal costUsd() {
    return costUsd;
  }

  /** Newest timestamp, or null if nothing was counted. */
  public @Nullable Instant newest() {
    return newest;
  }

  /** The latencies of the events that have one; a part of this tally, not a copy. */
  public LatencyHistogram latencies() {
    return latencies;
  }

  static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? a : b;
  }
}
