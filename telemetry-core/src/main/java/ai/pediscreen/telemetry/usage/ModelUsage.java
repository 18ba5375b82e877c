package ai.pediscreen.telemetry.usage;

import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model over a window.
 *
 * @param modelId name of the model; null for the events that name none
 * @param provider provider of the newest event that names one, the last by name if several of that
 *     instant do; null if none does
 * @param calls number of events; at least 1
 * @param averageLatencyMillis mean of the latencies, rounded half up; 0 without any
 * @param p95LatencyMillis 95th percentile, within 1 % of the exact rank value; 0 without any
 * @param errorPercent errors per 100 calls, rounded half up to 2 places
 * @param fallbackPercent fallbacks per 100 calls, rounded half up to 2 places
 * @param fallbacks events that a fallback answered
 * @param costUsd exact sum of the costs, rounded half up to 6 places
 * @param tokens sum of the tokens
 * @param unpriced events with tokens but no cost
 * @param adapters names of the adapters, ascending
 * @param newest newest timestamp
 */
public record ModelUsage(
    @Nullable String modelId,
    @Nullable String provider,
    long calls,
    long averageLatencyMillis,
    long p95LatencyMillis,
    BigDecimal errorPercent,
    BigDecimal fallbackPercent,
    long fallbacks,
    BigDecimal costUsd,
    Tokens tokens,
    long unpriced,
    List<String> adapters,
    Instant newest) {

  public ModelUsage {
    adapters = List.copyOf(adapters);
  }
}
