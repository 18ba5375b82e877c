package ai.pediscreen.telemetry.usage;

import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All models together over a window.
 *
 * @param active whether an event's timestamp lies within the last five minutes of the window
 * @param newest newest timestamp; null without events
 * @param requests number of events
 * @param errors events without a status code of 200 to 299
 * @param fallbacks events that a fallback answered
 * @param averageLatencyMillis mean of the latencies, rounded half up; 0 without any
 * @param p50LatencyMillis median, within 1 % of the exact rank value; 0 without any
 * @param p95LatencyMillis 95th percentile, likewise
 * @param p99LatencyMillis 99th percentile, likewise
 * @param latencyCounts how many latencies lie in each of the bins that {@link #LATENCY_LIMITS}
 *     bound, the last for those over the highest limit; exact
 * @param costUsd exact sum of the costs, rounded half up to 6 places
 * @param tokens sum of the tokens
 * @param unpriced events with tokens but no cost
 * @param models number of different models
 * @param topModel model with the most calls, the first by id of those with equally many; null
 *     without any
 * @param days one entry for each UTC day that the window touches, oldest first
 */
public record Overview(
    boolean active,
    @Nullable Instant newest,
    long requests,
    long errors,
    long fallbacks,
    long averageLatencyMillis,
    long p50LatencyMillis,
    long p95LatencyMillis,
    long p99LatencyMillis,
    List<Long> latencyCounts,
    BigDecimal costUsd,
    Tokens tokens,
    long unpriced,
    int models,
    @Nullable TopModel topModel,
    List<DayUsage> days) {

  /** How old the newest event of an active connection may be. */
  public static final Duration ACTIVE_WITHIN = Duration.ofMinutes(5);

  /**
   * Upper ends, in milliseconds and included, of all bins of {@link #latencyCounts} but the last.
   */
  public static final List<Integer> LATENCY_LIMITS =
      List.of(50, 100, 250, 500, 1_000, 2_000, 5_000);

  private static final long P95_LATENCY_ALERT_MILLIS = 2_000;
  private static final int ERROR_ALERT_PERCENT = 1;
  private static final int FALLBACK_ALERT_PERCENT = 5;

  public Overview {
    latencyCounts = List.copyOf(latencyCounts);
    days = List.copyOf(days);
    if (latencyCounts.size() != LATENCY_LIMITS.size() + 1) {
      throw new IllegalArgumentException(
          "latencyCounts must have " + (LATENCY_LIMITS.size() + 1) + " entries");
    }
  }

  /** Requests that are no errors. */
  public long successes() {
    return requests - errors;
  }

  /** Whether the 95th percentile is over, not at, two seconds. */
  public boolean p95LatencyAlert() {
    return p95LatencyMillis > P95_LATENCY_ALERT_MILLIS;
  }

  /** Whether the share of errors is over, not at, 1 %. */
  public boolean errorRateAlert() {
    return errors * 100 > requests * ERROR_ALERT_PERCENT;
  }

  /** Whether the share of fallbacks is over, not at, 5 %. */
  public boolean fallbackRateAlert() {
    return fallbacks * 100 > requests * FALLBACK_ALERT_PERCENT;
  }

  /** The model with the most calls. */
  public record TopModel(String modelId, long calls) {}

  /**
   * One UTC day's part of the window.
   *
   * @param costUsd exact sum of the costs, rounded half up to 6 places
   * @param tokens sum of the tokens
   */
  public record DayUsage(
      LocalDate date, long calls, long errors, long fallbacks, BigDecimal costUsd, Tokens tokens) {}
}
