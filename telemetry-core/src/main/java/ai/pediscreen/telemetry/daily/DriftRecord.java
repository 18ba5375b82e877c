package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.UsageSummary;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How far one feature of one model has moved on one UTC day from the seven days before it.
 *
 * @param date the day
 * @param org whose events were compared
 * @param modelId the model
 * @param feature what was compared: {@link #LATENCY}, or the pointer of a {@link DriftFeature}
 * @param psi population stability index, SEED binning with 10 buckets, or of categories; 0 or more,
 *     finite
 * @param referenceCount values of the seven days before; at least {@link #MIN_VALUES}
 * @param currentCount values of the day; at least {@link #MIN_VALUES}
 * @param criticalValue the index that chance stays under in 95 of 100 cases; 0 or more
 * @param verdict thresholds and significance in a word
 */
public record DriftRecord(
    LocalDate date,
    OrgScope org,
    String modelId,
    String feature,
    double psi,
    long referenceCount,
    long currentCount,
    double criticalValue,
    DriftVerdict verdict) {

  /** The feature that every day has: latency in milliseconds. */
  public static final String LATENCY = "latency_ms";

  /** How many values both sides need. */
  public static final int MIN_VALUES = 10;

  /** How many days before a day are its reference. */
  public static final int REFERENCE_DAYS = 7;

  /** Newest day first, and of one day the largest index first. */
  public static final Comparator<DriftRecord> NEWEST_FIRST =
      Comparator.comparing(DriftRecord::date)
          .reversed()
          .thenComparing(Comparator.comparingDouble(DriftRecord::psi).reversed())
          .thenComparing(DriftRecord::modelId, UsageSummary.BY_CODE_POINT)
          .thenComparing(DriftRecord::feature, UsageSummary.BY_CODE_POINT);

  public DriftRecord {
    requireNonNull(date, "date");
    requireNonNull(org, "org");
    requireNonNull(modelId, "modelId");
    requireNonNull(feature, "feature");
    requireNonNull(verdict, "verdict");
    DriftSeverity.of(psi);
    if (referenceCount < MIN_VALUES || currentCount < MIN_VALUES) {
      throw new IllegalArgumentException(
          "both sides must have %d values, but have %d and %d"
              .formatted(MIN_VALUES, referenceCount, currentCount));
    }
    if (!(criticalValue >= 0)) {
      throw new IllegalArgumentException(
          "criticalValue must be at least 0, but is " + criticalValue);
    }
  }

  /**
   * Compares a day's latencies with those of its reference.
   *
   * @return empty unless both sides have {@link #MIN_VALUES} values
   */
  public static Optional<PsiResult<?>> compare(CountedValues reference, CountedValues current) {
    return compare(
        Math.min(reference.total(), current.total()),
        () -> PopulationStabilityIndex.standard().compare(reference, current));
  }

  /**
   * Compares a day's values of a feature with those of its reference.
   *
   * @param reference the values of the seven days before, as far as they were counted: a feature
   *     that is watched since yesterday has one day
   * @return empty unless both sides have {@link #MIN_VALUES} values
   */
  public static Optional<PsiResult<?>> compare(FeatureValues reference, FeatureValues current) {
    return compare(
        Math.min(reference.total(), current.total()), () -> current.comparedWith(reference));
  }

  private static Optional<PsiResult<?>> compare(
      long fewestValues, Supplier<PsiResult<?>> comparison) {
    return fewestValues < MIN_VALUES ? Optional.empty() : Optional.of(comparison.get());
  }

  /** The record of a comparison. */
  public static DriftRecord of(
      LocalDate date, OrgScope org, String modelId, String feature, PsiResult<?> result) {
    return new DriftRecord(
        date,
        org,
        modelId,
        feature,
        result.index(),
        result.referenceCount(),
        result.currentCount(),
        result.criticalValue(),
        result.verdict());
  }

  /** The index in the words of PediScreen's clients. */
  public DriftSeverity severity() {
    return DriftSeverity.of(psi);
  }

  /** Whether chance alone would reach this index less often than once in 20 times. */
  public boolean significant() {
    return psi > criticalValue;
  }

  /** Whether the index is over 0.2 and the samples are large enough to say so. */
  public boolean alert() {
    return severity() != DriftSeverity.OK && verdict == DriftVerdict.SIGNIFICANT;
  }
}
