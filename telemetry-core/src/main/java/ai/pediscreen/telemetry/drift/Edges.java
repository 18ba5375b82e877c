package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/** Bin edges and the counts between them, with the arithmetic of NumPy to the last bit. */
final class Edges {

  /** What the replaced service adds to the largest value where all edges coincide. */
  static final double WIDTH_OF_CONSTANT = 1e-6;

  private Edges() {}

  /** The upper edge of a bin that is to hold one value alone. */
  static double justAbove(double value) {
    return Math.max(value + WIDTH_OF_CONSTANT, Math.nextUp(value));
  }

  /**
   * Quantiles of two samples taken together, at {@code buckets + 1} evenly spaced probabilities.
   *
   * <p>Linear interpolation between ranks: Hyndman and Fan, Sample Quantiles in Statistical
   * Packages (1996), definition 7. At probability p of n values, v = (n − 1)p, k = ⌊v⌋, g = v − k;
   * the quantile is a + (b − a)g for g &lt; ½, else b − (b − a)(1 − g), with a and b the values at
   * ranks k and k + 1. Probabilities are i·(1/buckets), the last one 1. Rounding any of these
   * otherwise moves an edge across a value, and the index by as much as 4.
   *
   * @param second may be empty
   * @return ascending, one for each probability, so some may be equal
   */
  static double[] quantiles(CountedValues first, CountedValues second, int buckets) {
    long last = first.total() + second.total() - 1;
    PooledRanks ranks = new PooledRanks(first, second);
    double step = 1.0 / buckets;
    double[] edges = new double[buckets + 1];
    for (int i = 0; i <= buckets; i++) {
      double position = last * (i == buckets ? 1.0 : i * step);
      long rank = (long) position;
      double between = position - rank;
      double a = ranks.at(rank);
      double b = ranks.at(Math.min(rank + 1, last));
      edges[i] = between < 0.5 ? a + (b - a) * between : b - (b - a) * (1 - between);
    }
    // Interpolating can put an edge an ulp below the one before.
    Arrays.sort(edges);
    return edges;
  }

  /**
   * Evenly spaced edges, as NumPy's {@code linspace}: min + i·((max − min)/bins), the last one max.
   * None is past max, where the width of so small a range was rounded up.
   *
   * @return ascending, exact duplicates removed; one edge if min equals max
   */
  static double[] evenlySpaced(double min, double max, int bins) {
    double width = (max - min) / bins;
    double[] edges = new double[bins + 1];
    for (int i = 0; i < bins; i++) {
      edges[i] = Math.min(min + i * width, max);
    }
    edges[bins] = max;
    return unique(edges);
  }

  /** Removes exact duplicates from an ascending array. */
  static double[] unique(double[] ascending) {
    int size = 1;
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i] != ascending[size - 1]) {
        ascending[size++] = ascending[i];
      }
    }
    return Arrays.copyOf(ascending, size);
  }

  /**
   * Counts a sample into bins [edge, next edge), the last one closed.
   *
   * @param edges two at least, ascending, the outermost around all values
   */
  static long[] count(CountedValues sample, double[] edges) {
    long[] counts = new long[edges.length - 1];
    long below = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      boolean last = bin == counts.length - 1;
      long next = last ? sample.total() : sample.countBelow(edges[bin + 1]);
      counts[bin] = next - below;
      below = next;
    }
    return counts;
  }

  /**
   * Refuses samples whose range has no finite width, since every edge inside would be infinite.
   *
   * @throws IllegalArgumentException if max − min is more than the largest double
   */
  static void requireFiniteRange(double min, double max) {
    if (!Double.isFinite(max - min)) {
      throw new IllegalArgumentException(
          "values from %s to %s are too far apart to divide into bins".formatted(min, max));
    }
  }
}
