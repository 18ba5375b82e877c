package ai.pediscreen.telemetry.drift;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What two samples say about drift: how sure it is, and how large. {@link DriftGate} decides on it.
 * Immutable.
 *
 * <p>Bins are each value where both samples together have at most {@value #MOST_SINGLE_VALUES}
 * different ones; otherwise those of {@link Binning#seed} in 10 buckets, with the largest value a
 * bin of its own, which SEED would join to the one before. Sparse bins, expected under 5 on the
 * smaller side, are put together: neighbours where values have an order, else all of them. Half a
 * value is added to each.
 *
 * @param pValue how often two samples of one population differ as much, by Pearson's χ² over those
 *     bins (the largest bin against the rest by Fisher's test if all became one). Of numbers it is
 *     twice the smaller of that and the rank-sum test's, since either may speak; 0 to 1
 * @param index the population stability index over those bins; 0 or more. It differs from {@link
 *     PsiResult#index()}, whose empty bins make any figure
 * @param medianShift the current median less the reference's, as a part of the latter: 0.31 for 31
 *     % more; null for categories, for at most {@value #MOST_SINGLE_VALUES} different values (whose
 *     median jumps), and where the reference's median is 0
 * @param wasserstein {@link WassersteinDistance#normed}; null for categories and for a constant
 *     reference
 */
public record DriftEvidence(
    double pValue, double index, @Nullable Double medianShift, @Nullable Double wasserstein) {

  /** Up to so many different values each is a bin of its own. */
  public static final int MOST_SINGLE_VALUES = 20;

  private static final int BUCKETS = 10;

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public DriftEvidence {
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("pValue must be between 0 and 1, but is " + pValue);
    }
    if (!(index >= 0)) {
      throw new IllegalArgumentException("index must be at least 0, but is " + index);
    }
  }

  /**
   * Compares numbers.
   *
   * @throws IllegalArgumentException if a sample is empty, or its values are so far apart that
   *     their difference overflows
   */
  public static DriftEvidence of(CountedValues reference, CountedValues current) {
    SampleChecks.requireNotEmpty("reference", reference);
    SampleChecks.requireNotEmpty("current", current);
    boolean few = hasFewValues(reference, current);
    BinCounts bins =
        few ? EachValueBinning.of(reference, current) : quantileBins(reference, current);
    PooledCounts pooled = PooledCounts.ofOrdered(bins.reference(), bins.current());
    WassersteinDistance distance = WassersteinDistance.between(reference, current);
    double median = reference.median();
    double pValue = Math.min(pooled.pValue(), RankSum.pValue(reference, current));
    return new DriftEvidence(
        Math.min(1, 2 * pValue),
        pooled.index(),
        few || median == 0 ? null : (current.median() - median) / Math.abs(median),
        distance.normed().isPresent() ? distance.normed().getAsDouble() : null);
  }

  /**
   * Compares categories.
   *
   * @param reference category to count, 0 or more
   * @param current likewise
   * @throws IllegalArgumentException if a sample is empty or a count negative
   */
  public static DriftEvidence ofCategories(
      Map<String, ? extends Number> reference, Map<String, ? extends Number> current) {
    CategoryCounts counts = CategoryCounts.of(reference, current);
    PooledCounts pooled = PooledCounts.ofCategories(counts.reference(), counts.current());
    return new DriftEvidence(pooled.pValue(), pooled.index(), null, null);
  }

  /** Whether both samples together have so few different values that each can be a bin. */
  public static boolean hasFewValues(CountedValues reference, CountedValues current) {
    return reference.distinct() <= MOST_SINGLE_VALUES
        && current.distinct() <= MOST_SINGLE_VALUES
        && reference.merge(current).distinct() <= MOST_SINGLE_VALUES;
  }

  private static BinCounts quantileBins(CountedValues reference, CountedValues current) {
    double[] edges = Edges.unique(Edges.quantiles(reference, current, BUCKETS));
    double[] withTop = new double[edges.length + 1];
    System.arraycopy(edges, 0, withTop, 0, edges.length);
    withTop[edges.length] = Double.POSITIVE_INFINITY;
    return BinCounts.between(withTop, reference, current);
  }
}
