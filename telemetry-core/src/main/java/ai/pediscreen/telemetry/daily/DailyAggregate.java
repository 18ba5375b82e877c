package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one UTC day and model. Immutable.
 *
 * <p>Means and percentages are exact quotients, rounded half up to {@value #PLACES} places: the
 * service that this one replaces kept floats, and this is what such a float shows, without its
 * tail. Percentiles are exact: of {@code n} latencies in ascending order the one numbered {@code
 * ⌈q·n⌉}.
 *
 * @param date the day
 * @param org whose events, or all together
 * @param modelId the model
 * @param calls number of events; at least 1
 * @param averageLatencyMillis mean of the latencies; 0 without any
 * @param errorPercent errors per 100 calls; 0 to 100
 * @param fallbacks events that a fallback answered
 * @param p50LatencyMillis median; 0 without any latency
 * @param p95LatencyMillis 95th percentile, likewise
 * @param p99LatencyMillis 99th percentile, likewise
 * @param costUsd exact sum of the costs in US dollars, rounded half up to {@value #PLACES} places
 * @param tokens sum of the tokens
 * @param unpriced events with tokens but no cost
 * @param referenceCount latencies of the seven days before
 * @param currentCount latencies of the day
 * @param drift how far the latencies are from those of the seven days before; null if there was
 *     nothing to compare
 */
public record DailyAggregate(
    LocalDate date,
    OrgScope org,
    String modelId,
    long calls,
    BigDecimal averageLatencyMillis,
    BigDecimal errorPercent,
    long fallbacks,
    long p50LatencyMillis,
    long p95LatencyMillis,
    long p99LatencyMillis,
    BigDecimal costUsd,
    Tokens tokens,
    long unpriced,
    long referenceCount,
    long currentCount,
    @Nullable DriftRecord drift) {

  /** Places of means, percentages and costs. */
  public static final int PLACES = 6;

  /** By day, then by model; of one organisation no two are equal. */
  public static final Comparator<DailyAggregate> BY_DATE_AND_MODEL =
      Comparator.comparing(DailyAggregate::date)
          .thenComparing(DailyAggregate::modelId, UsageQueries.BY_CODE_POINT);

  public DailyAggregate {
    requireNonNull(date, "date");
    requireNonNull(org, "org");
    requireNonNull(modelId, "modelId");
    requireNonNull(tokens, "tokens");
    averageLatencyMillis = rounded(averageLatencyMillis);
    errorPercent = rounded(errorPercent);
    costUsd = rounded(costUsd);
    if (calls < 1) {
      throw new IllegalArgumentException("calls must be at least 1 but is " + calls);
    }
  }

  /** The aggregate of a model's day, which is compared with nothing yet. */
  public static DailyAggregate of(LocalDate date, ModelDay day) {
    CountedValues latencies = day.latencies();
    return new DailyAggregate(
        date,
        day.org(),
        day.modelId(),
        day.counts().calls(),
        mean(latencies),
        BigDecimal.valueOf(day.counts().errors())
            .multiply(BigDecimal.valueOf(100))
            .divide(BigDecimal.valueOf(day.counts().calls()), PLACES, RoundingMode.HALF_UP),
        day.counts().fallbacks(),
        percentile(latencies, 50),
        percentile(latencies, 95),
        percentile(latencies, 99),
        day.costUsd(),
        day.tokens(),
        day.counts().unpriced(),
        0,
        latencies.total(),
        null);
  }

  /**
   * The same aggregate compared with the seven days before.
   *
   * @param latencies how many latencies these have
   * @param record what the comparison came to; null if there was none
   */
  public DailyAggregate comparedWith(long latencies, @Nullable DriftRecord record) {
    return new DailyAggregate(
        date,
        org,
        modelId,
        calls,
        averageLatencyMillis,
        errorPercent,
        fallbacks,
        p50LatencyMillis,
        p95LatencyMillis,
        p99LatencyMillis,
        costUsd,
        tokens,
        unpriced,
        latencies,
        currentCount,
        record);
  }

  /** Whose latencies the aggregate compares. */
  public DriftSubject latencies() {
    return new DriftSubject(org, modelId, DriftRecord.LATENCY);
  }

  /** The population stability index of the latencies; null without one. */
  public @Nullable Double psi() {
    return drift == null ? null : drift.psi();
  }

  private static BigDecimal rounded(BigDecimal value) {
    return value.setScale(PLACES, RoundingMode.HALF_UP);
  }

  private static BigDecimal mean(CountedValues latencies) {
    if (latencies.isEmpty()) {
      return BigDecimal.ZERO;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < latencies.distinct(); i++) {
      sum =
          sum.add(
              BigDecimal.valueOf((long) latencies.value(i))
                  .multiply(BigDecimal.valueOf(latencies.count(i))));
    }
    return sum.divide(BigDecimal.valueOf(latencies.total()), PLACES, RoundingMode.HALF_UP);
  }

  private static long percentile(CountedValues latencies, int percent) {
    long total = latencies.total();
    // ⌈percent·total/100⌉, without a product that could overflow.
    long rank = total / 100 * percent + (total % 100 * percent + 99) / 100;
    long seen = 0;
    for (int i = 0; i < latencies.distinct(); i++) {
      seen += latencies.count(i);
      if (seen >= rank) {
        return (long) latencies.value(i);
      }
    }
    return 0;
  }
}
