package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/** {@link Binning#evidently}. */
final class EvidentlyBinning extends Binning {

  /** Up to so many distinct reference values, each one is a category. */
  private static final int MOST_CATEGORIES = 20;

  private static final double LN_2 = Math.log(2);

  EvidentlyBinning() {
    super("EVIDENTLY", "");
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    if (reference.distinct() <= MOST_CATEGORIES) {
      return countEachValue(reference, current);
    }
    double min = Math.min(reference.min(), current.min());
    double max = Math.max(reference.max(), current.max());
    Edges.requireFiniteRange(min, max);
    double range = max - min;
    double width = range / (log2((double) reference.total() + current.total()) + 1);
    int bins = (int) Math.ceil(range / width);
    return BinCounts.between(Edges.evenlySpaced(min, max, bins), reference, current);
  }

  @Override
  ShareRule shareRule() {
    return ShareRule.ZERO_REPLACED;
  }

  private static double log2(double value) {
    // The quotient of logarithms misses some powers of two by an ulp, and ⌈…⌉ would add a bin.
    int exponent = Math.getExponent(value);
    return exponent + StrictMath.log(Math.scalb(value, -exponent)) / LN_2;
  }

  private static BinCounts countEachValue(CountedValues reference, CountedValues current) {
    CountedValues both = reference.merge(current);
    double[] values = new double[both.distinct()];
    Arrays.setAll(values, both::value);
    return new BinCounts(values, values, countAt(values, reference), countAt(values, current));
  }

  /** Counts a sample at ascending values, among them all of its own. */
  private static long[] countAt(double[] values, CountedValues sample) {
    long[] counts = new long[values.length];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      if (next < sample.distinct() && sample.value(next) == values[i]) {
        counts[i] = sample.count(next++);
      }
    }
    return counts;
  }
}
