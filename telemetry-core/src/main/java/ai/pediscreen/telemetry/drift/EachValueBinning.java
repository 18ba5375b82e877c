package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/** {@link Binning#eachValue}. */
final class EachValueBinning extends Binning {

  EachValueBinning() {
    super("EACH_VALUE", "");
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    return of(reference, current);
  }

  static BinCounts of(CountedValues reference, CountedValues current) {
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
