package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.Binning;
import ai.pediscreen.telemetry.drift.CategoryBin;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.DriftEvidence;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two samples of one {@link DriftSubject}, compared. Immutable.
 *
 * @param reference the values of the reference, as far as they can be compared
 * @param current the values of the day, likewise
 * @param psi the index that is shown, bin by bin. Latencies: SEED in 10 buckets. Numbers of a
 *     feature: the same, or a bin for each value if there are at most {@value
 *     DriftEvidence#MOST_SINGLE_VALUES}. Texts: a bin for each, {@value FeatureValues#MAX_TEXTS} at
 *     most, by how often they occur on both sides together, and "other" one more; numbers beside
 *     them stay in the bins they have among themselves if both sides have some, and are one bin if
 *     only one side has. So a feature that changes from numbers to texts has drifted as far as can
 *     be
 * @param evidence what {@link ai.pediscreen.telemetry.drift.DriftGate} decides on
 */
public record DriftComparison(
    FeatureValues reference, FeatureValues current, PsiResult<?> psi, DriftEvidence evidence) {

  /** Names of bins; a text's begins otherwise. */
  private static final String OTHER = "other";

  private static final String NUMBERS = "numbers";

  /** Before a text that has a bin of its own, which may itself be "other". */
  private static final String TEXT = "=";

  /**
   * Compares.
   *
   * @return empty unless both sides have {@link DriftRecord#MIN_VALUES} values
   */
  public static Optional<DriftComparison> of(
      DriftSubject subject, FeatureValues reference, FeatureValues current) {
    if (Math.min(reference.total(), current.total()) < DriftRecord.MIN_VALUES) {
      return Optional.empty();
    }
    FeatureValues before = reference.comparableWith(current);
    FeatureValues now = current.comparableWith(reference);
    if (before.totalOfTexts() == 0 && now.totalOfTexts() == 0) {
      PsiResult<IntervalBin> psi =
          subject.isLatency()
              ? PopulationStabilityIndex.standard().compare(before.numbers(), now.numbers())
              : compareNumbers(before.numbers(), now.numbers());
      return Optional.of(
          new DriftComparison(before, now, psi, DriftEvidence.of(before.numbers(), now.numbers())));
    }
    Map<String, Long> referenceBins = new HashMap<>();
    Map<String, Long> currentBins = new HashMap<>();
    addNumbers(referenceBins, before, currentBins, now);
    Set<String> named = FeatureValues.mostFrequent(before.merge(now).texts()).keySet();
    addTexts(referenceBins, before, named);
    addTexts(currentBins, now, named);
    return Optional.of(
        new DriftComparison(
            before,
            now,
            PopulationStabilityIndex.standard().compareCategories(referenceBins, currentBins),
            DriftEvidence.ofCategories(referenceBins, currentBins)));
  }

  /** Whether both sides are numbers alone. */
  boolean isOfNumbers() {
    return reference.totalOfTexts() == 0 && current.totalOfTexts() == 0;
  }

  /**
   * The text that a bin of a comparison counts; null if it counts what is put together, whose name
   * then is the bin's: "other" texts, or numbers.
   */
  public static @Nullable String textOf(CategoryBin bin) {
    return bin.category().startsWith(TEXT) ? bin.category().substring(TEXT.length()) : null;
  }

  private static PsiResult<IntervalBin> compareNumbers(CountedValues before, CountedValues now) {
    PopulationStabilityIndex psi = PopulationStabilityIndex.standard();
    return DriftEvidence.hasFewValues(before, now)
        ? psi.withBinning(Binning.eachValue()).compare(before, now)
        : psi.compare(before, now);
  }

  private static void addNumbers(
      Map<String, Long> before,
      FeatureValues reference,
      Map<String, Long> now,
      FeatureValues current) {
    if (reference.numbers().isEmpty() || current.numbers().isEmpty()) {
      before.put(NUMBERS, reference.numbers().total());
      now.put(NUMBERS, current.numbers().total());
      return;
    }
    for (IntervalBin bin : compareNumbers(reference.numbers(), current.numbers()).bins()) {
      before.put(NUMBERS + " from " + bin.lower(), bin.referenceCount());
      now.put(NUMBERS + " from " + bin.lower(), bin.currentCount());
    }
  }

  private static void addTexts(
      Map<String, Long> bins, FeatureValues values, Collection<String> named) {
    bins.put(OTHER, values.otherTexts());
    values
        .texts()
        .forEach(
            (text, count) ->
                bins.merge(named.contains(text) ? TEXT + text : OTHER, count, Long::sum));
  }
}
