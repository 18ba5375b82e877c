package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
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

  /**
   * How many events there are of some kinds.
   *
   * @param calls of all kinds
   * @param errors of them, how many are errors
   * @param fallbacks of them, how many are fallbacks
   * @param unpriced of them, how many have tokens but no cost
   */
  public record Counts(long calls, long errors, long fallbacks, long unpriced) {

    /** No event. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** One event. */
    public static Counts of(TelemetryEvent event) {
      return new Counts(
          1, event.isError() ? 1 : 0, event.isFallback() ? 1 : 0, event.isUnpriced() ? 1 : 0);
    }

    /** These and others together. */
    public Counts plus(Counts other) {
      return new Counts(
          calls + other.calls,
          errors + other.errors,
          fallbacks + other.fallbacks,
          unpriced + other.unpriced);
    }

    private Counts minus(Counts part) {
      return new Counts(
          Math.max(0, calls - part.calls),
          Math.max(0, errors - part.errors),
          Math.max(0, fallbacks - part.fallbacks),
          Math.max(0, unpriced - part.unpriced));
    }
  }

  private final LatencyHistogram latencies;
  private Counts counts;
  private long latencySumMillis;
  private BigDecimal costUsd;
  private Tokens tokens;
  private @Nullable Instant newest;

  /** The tally of no event. */
  public UsageTally() {
    this(Counts.NONE, 0, BigDecimal.ZERO, Tokens.NONE, null, new LatencyHistogram());
  }

  /**
   * A tally as it was stored.
   *
   * @param counts number of events
   * @param latencySumMillis sum of all latencies
   * @param costUsd exact sum of all costs
   * @param tokens sum of all tokens
   * @param newest newest timestamp; null if there is no event
   * @param latencies every latency; becomes a part of the tally
   */
  public UsageTally(
      Counts counts,
      long latencySumMillis,
      BigDecimal costUsd,
      Tokens tokens,
      @Nullable Instant newest,
      LatencyHistogram latencies) {
    this.counts = counts;
    this.latencySumMillis = latencySumMillis;
    this.costUsd = costUsd;
    this.tokens = tokens;
    this.newest = newest;
    this.latencies = latencies;
  }

  /** Counts one event. */
  public void add(TelemetryEvent event) {
    counts = counts.plus(Counts.of(event));
    tokens = tokens.plus(event.tokens());
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
    newest = later(newest, other.newest);
  }

  /**
   * Takes away a part that was added before; no count falls below 0. The newest timestamp stays,
   * though it may be of that part.
   */
  void subtract(UsageTally part) {
    latencies.subtract(part.latencies);
    subtractCounts(part);
  }

  /**
   * Adds all but the distribution of latencies, which costs most and which not everyone reads, and
   * the newest timestamp.
   */
  void mergeCounts(UsageTally other) {
    mergeCounts(other.counts, other.latencySumMillis, other.costUsd, other.tokens, null);
  }

  /** Takes away all but the distribution of latencies. The newest timestamp stays. */
  void subtractCounts(UsageTally part) {
    counts = counts.minus(part.counts);
    latencySumMillis -= part.latencySumMillis;
    costUsd = costUsd.subtract(part.costUsd);
    tokens = tokens.minus(part.tokens);
  }

  /** Counts an instant at which there is an event. */
  void reach(Instant instant) {
    newest = later(newest, instant);
  }

  void mergeCounts(
      Counts more,
      long moreLatencyMillis,
      BigDecimal moreUsd,
      Tokens moreTokens,
      @Nullable Instant newestOfMore) {
    counts = counts.plus(more);
    latencySumMillis += moreLatencyMillis;
    costUsd = costUsd.add(moreUsd);
    tokens = tokens.plus(moreTokens);
    newest = later(newest, newestOfMore);
  }

  public long calls() {
    return counts.calls();
  }

  public long errors() {
    return counts.errors();
  }

  public long fallbacks() {
    return counts.fallbacks();
  }

  /** How many events have tokens but no cost. */
  public long unpriced() {
    return counts.unpriced();
  }

  /** Sum of all latencies in milliseconds; of events that have one. */
  public long latencySumMillis() {
    return latencySumMillis;
  }

  /** Exact sum of all costs in US dollars. */
  public BigDecimal costUsd() {
    return costUsd;
  }

  /** Sum of all tokens. */
  public Tokens tokens() {
    return tokens;
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
