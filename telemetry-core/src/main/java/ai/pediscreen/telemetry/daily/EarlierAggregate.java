package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a UTC day came to for one model, of all organisations together, as another service has
 * computed it from events that are no longer there. Immutable.
 *
 * @param date the day
 * @param modelId the model
 * @param calls number of events; at least 1
 * @param averageLatencyMillis mean of the latencies; 0 without any
 * @param errorPercent errors per 100 calls; 0 to 100
 * @param fallbacks events that a fallback answered
 * @param psi of the latencies against the seven days before; null without one
 */
public record EarlierAggregate(
    LocalDate date,
    String modelId,
    long calls,
    BigDecimal averageLatencyMillis,
    BigDecimal errorPercent,
    long fallbacks,
    @Nullable Double psi) {

  /** By day, then by model. */
  public static final Comparator<EarlierAggregate> BY_DATE_AND_MODEL =
      Comparator.comparing(EarlierAggregate::date).thenComparing(EarlierAggregate::modelId);

  public EarlierAggregate {
    requireNonNull(date, "date");
    requireNonNull(modelId, "modelId");
    averageLatencyMillis =
        averageLatencyMillis.setScale(DailyAggregate.PLACES, RoundingMode.HALF_UP);
    errorPercent = errorPercent.setScale(DailyAggregate.PLACES, RoundingMode.HALF_UP);
    if (calls < 1) {
      throw new IllegalArgumentException("calls must be at least 1 but is " + calls);
    }
    if (averageLatencyMillis.signum() < 0 || fallbacks < 0) {
      throw new IllegalArgumentException("averageLatencyMillis and fallbacks must not be negative");
    }
    if (errorPercent.signum() < 0 || errorPercent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw new IllegalArgumentException(
          "errorPercent must be between 0 and 100 but is " + errorPercent);
    }
    if (psi != null && !Double.isFinite(psi)) {
      throw new IllegalArgumentException("psi must be finite but is " + psi);
    }
  }
}
