package ai.pediscreen.telemetry.drift;

import java.util.Arrays;
import java.util.OptionalInt;

/** {@link Binning#referenceQuantiles}. */
final class ReferenceQuantileBinning extends Binning {

  private final int buckets;

  ReferenceQuantileBinning(int buckets) {
    super("REFERENCE_QUANTILES", Integer.toString(buckets));
    this.buckets = buckets;
  }

  @Override
  public OptionalInt buckets() {
    return OptionalInt.of(buckets);
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    return BinCounts.between(edges(reference), reference, current);
  }

  /** The edges for a reference that is not empty: unique, from −∞ to ∞. */
  double[] edges(CountedValues reference) {
    Edges.requireFiniteRange(reference.min(), reference.max());
    double[] quantiles = quantiles(reference);
    double[] edges = new double[quantiles.length + 2];
    edges[0] = Double.NEGATIVE_INFINITY;
    System.arraycopy(quantiles, 0, edges, 1, quantiles.length);
    edges[edges.length - 1] = Double.POSITIVE_INFINITY;
    return edges;
  }

  /**
   * The inner quantiles, made unique: those at probability 0 and 1 give way to open ends. Around a
   * constant, so that it has a bin of its own and is told from what is above.
   */
  private double[] quantiles(CountedValues reference) {
    if (buckets == 1) {
      return new double[0];
    }
    if (reference.distinct() == 1) {
      return new double[] {reference.min(), Edges.justAbove(reference.min())};
    }
    double[] all = Edges.quantiles(reference, CountedValues.empty(), buckets);
    return Edges.unique(Arrays.copyOfRange(all, 1, buckets));
  }
}
