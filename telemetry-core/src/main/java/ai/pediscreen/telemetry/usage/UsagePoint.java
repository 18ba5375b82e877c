package ai.pediscreen.telemetry.usage;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * What one step of a series comes to, as far as it lies in the window.
 *
 * @param time beginning of the step; the first may begin before the window does
 * @param calls number of events
 * @param errors of them, how many are errors
 * @param fallbacks of them, how many a fallback answered
 * @param costUsd exact sum of the costs, rounded half up to 6 places
 * @param tokens sum of the tokens
 * @param p50LatencyMillis median, within 1 % of the exact rank value; 0 without any latency
 * @param p95LatencyMillis 95th percentile, likewise
 * @param p99LatencyMillis 99th percentile, likewise
 */
public record UsagePoint(
    Instant time,
    long calls,
    long errors,
    long fallbacks,
    BigDecimal costUsd,
    Tokens tokens,
    long p50LatencyMillis,
    long p95LatencyMillis,
    long p99LatencyMillis) {

  public UsagePoint {
    requireNonNull(time, "time");
    requireNonNull(costUsd, "costUsd");
    requireNonNull(tokens, "tokens");
  }
}
