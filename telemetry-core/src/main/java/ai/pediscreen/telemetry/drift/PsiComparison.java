package ai.pediscreen.telemetry.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What a {@link PopulationStabilityIndex} does with samples once they are counted.
 *
 * @param rules the binning, the confidence and the thresholds
 */
record PsiComparison(PopulationStabilityIndex rules) {

  /**
   * Samples too small for the index to carry an alarm differ for certain where chance makes such a
   * difference less often than this.
   */
  private static final double CERTAIN_WITH_FEW_VALUES = 0.001;

  PsiResult<IntervalBin> compare(RawSample reference, RawSample current) {
    SampleChecks.requireNotEmpty("reference", reference.counted());
    SampleChecks.requireNotEmpty("current", current.counted());
    return score(
        rules.binning(),
        rules.binning().count(reference.counted(), current.counted()),
        reference.counted().total(),
        current,
        reference.notFinite());
  }

  PsiResult<IntervalBin> compare(ReferenceProfile reference, RawSample current) {
    SampleChecks.requireNotEmpty("current", current.counted());
    return score(
        reference.binning(),
        reference.count(current.counted()),
        reference.total(),
        current,
        reference.notFinite());
  }

  PsiResult<CategoryBin> compare(CategoryCounts counts) {
    Binning used = new CategoryBinning(rules.binning());
    long n = counts.referenceTotal();
    long m = counts.currentTotal();
    Scores scores = Scores.of(used.shareRule(), counts.reference(), n, counts.current(), m);
    List<CategoryBin> bins = new ArrayList<>();
    for (int i = 0; i < counts.names().size(); i++) {
      bins.add(
          new CategoryBin(
              counts.names().get(i),
              counts.reference()[i],
              counts.current()[i],
              scores.reference()[i],
              scores.current()[i],
              scores.contributions()[i]));
    }
    PsiResult<CategoryBin> result = result(scores.index(), bins, used, n, m, 0, 0);
    return judged(
        result, () -> PooledCounts.ofCategories(counts.reference(), counts.current()).pValue());
  }

  PsiResult<IntervalBin> judge(double index, List<IntervalBin> bins) {
    return ordered(
        result(
            index,
            bins,
            rules.binning(),
            bins.stream().mapToLong(IntervalBin::referenceCount).sum(),
            bins.stream().mapToLong(IntervalBin::currentCount).sum(),
            0,
            0));
  }

  private PsiResult<IntervalBin> score(
      Binning used, BinCounts counts, long n, RawSample current, long referenceNotFinite) {
    long m = current.counted().total();
    Scores scores = Scores.of(used.shareRule(), counts.reference(), n, counts.current(), m);
    List<IntervalBin> bins = new ArrayList<>(counts.lower().length);
    for (int i = 0; i < counts.lower().length; i++) {
      bins.add(
          new IntervalBin(
              counts.lower()[i],
              counts.upper()[i],
              counts.reference()[i],
              counts.current()[i],
              scores.reference()[i],
              scores.current()[i],
              scores.contributions()[i]));
    }
    return ordered(
        result(scores.index(), bins, used, n, m, referenceNotFinite, current.notFinite()));
  }

  private <B extends Bin> PsiResult<B> result(
      double index,
      List<B> bins,
      Binning used,
      long n,
      long m,
      long referenceNotFinite,
      long currentNotFinite) {
    double critical = Significance.criticalValue(rules.confidence(), bins.size(), n, m);
    return new PsiResult<>(
        index,
        bins,
        used,
        n,
        m,
        referenceNotFinite,
        currentNotFinite,
        rules.confidence(),
        critical,
        DriftVerdict.of(
            index, bins.size(), critical, rules.moderateAbove(), rules.significantAbove()));
  }

  private PsiResult<IntervalBin> ordered(PsiResult<IntervalBin> result) {
    return judged(
        result,
        () ->
            PooledCounts.ofOrdered(
                    result.bins().stream().mapToLong(Bin::referenceCount).toArray(),
                    result.bins().stream().mapToLong(Bin::currentCount).toArray())
                .pValue());
  }

  /** Where the index cannot carry an alarm, a test that holds for few values may. */
  private <B extends Bin> PsiResult<B> judged(PsiResult<B> result, DoubleSupplier pValue) {
    boolean certain =
        result.verdict() == DriftVerdict.INSUFFICIENT_DATA
            && result.index() > rules.significantAbove()
            && result.bins().size() > 1
            && pValue.getAsDouble() <= CERTAIN_WITH_FEW_VALUES;
    return certain ? result.withVerdict(DriftVerdict.SIGNIFICANT) : result;
  }
}
