package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.DriftEvidence;
import ai.pediscreen.telemetry.drift.ShareTest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the comparison of a day with a reference came to, in figures and in words. Immutable.
 *
 * @param psi population stability index; 0 or more, finite. Null if a side has fewer than {@link
 *     DriftRecord#MIN_VALUES} values: then only the share without a value could be compared
 * @param referenceCount values of the reference
 * @param currentCount values of the day
 * @param criticalValue the index that chance stays under in 95 of 100 cases; 0 or more, and 0
 *     without an index
 * @param pValue how often chance makes such a difference of values, see {@link
 *     DriftEvidence#pValue}; null without an index, and in records from before it was computed
 * @param direction whether numbers went up or down; null for texts and where they did neither
 * @param medianShift see {@link DriftEvidence#medianShift}
 * @param wasserstein see {@link DriftEvidence#wasserstein}
 * @param referenceMissingShare which share of the reference's events had no value; 0 to 1, and 0
 *     where their number is not known
 * @param missingShare which share of the day's events had no value; 0 to 1
 * @param missingPValue how often chance makes such a difference between these shares; 1 where there
 *     is nothing to compare
 * @param summary one sentence about what has changed most; empty in records from before there was
 *     one
 */
public record DriftFigures(
    @Nullable Double psi,
    long referenceCount,
    long currentCount,
    double criticalValue,
    @Nullable Double pValue,
    @Nullable DriftDirection direction,
    @Nullable Double medianShift,
    @Nullable Double wasserstein,
    double referenceMissingShare,
    double missingShare,
    double missingPValue,
    String summary) {

  public DriftFigures {
    requireNonNull(summary, "summary");
    if (psi != null) {
      DriftSeverity.of(psi);
      if (Math.min(referenceCount, currentCount) < DriftRecord.MIN_VALUES) {
        throw new IllegalArgumentException(
            "both sides must have %d values, but have %d and %d"
                .formatted(DriftRecord.MIN_VALUES, referenceCount, currentCount));
      }
    }
    if (!(criticalValue >= 0)) {
      throw new IllegalArgumentException(
          "criticalValue must be at least 0, but is " + criticalValue);
    }
  }

  /** The figures of a comparison; its evidence is not among them. */
  static DriftFigures of(
      DriftSubject subject,
      DayValues reference,
      DayValues current,
      Optional<DriftComparison> comparison) {
    DriftComparison compared = comparison.orElse(null);
    DriftEvidence evidence = compared == null ? null : compared.evidence();
    return new DriftFigures(
        compared == null ? null : compared.psi().index(),
        reference.values().total(),
        current.values().total(),
        compared == null ? 0 : compared.psi().criticalValue(),
        evidence == null ? null : evidence.pValue(),
        compared == null || !compared.isOfNumbers() ? null : direction(compared),
        evidence == null ? null : evidence.medianShift(),
        evidence == null ? null : evidence.wasserstein(),
        reference.missingShare(),
        current.missingShare(),
        reference.events() == 0
            ? 1
            : ShareTest.pValue(
                reference.missing(), reference.events(), current.missing(), current.events()),
        DriftSentence.of(subject, reference, current, compared));
  }

  /** How often chance makes the more telling of both differences; 1 if neither is known. */
  double leastPValue() {
    return Math.min(pValue == null ? 1 : pValue, missingPValue);
  }

  private static @Nullable DriftDirection direction(DriftComparison compared) {
    Double shift = compared.evidence().medianShift();
    double moved =
        shift != null && shift != 0
            ? shift
            : mean(compared.current().numbers()) - mean(compared.reference().numbers());
    if (moved == 0) {
      return null;
    }
    return moved > 0 ? DriftDirection.UP : DriftDirection.DOWN;
  }

  private static double mean(CountedValues values) {
    double mean = 0;
    for (int i = 0; i < values.distinct(); i++) {
      mean += values.value(i) * ((double) values.count(i) / values.total());
    }
    return mean;
  }
}
