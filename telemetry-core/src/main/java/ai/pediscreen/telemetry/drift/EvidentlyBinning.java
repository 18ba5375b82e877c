package ai.pediscreen.telemetry.drift;

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
      return EachValueBinning.of(reference, current);
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
}
