package ai.pediscreen.telemetry.drift;

import java.util.OptionalInt;

/** {@link Binning#seed}. */
final class SeedBinning extends Binning {

  private final int buckets;

  SeedBinning(int buckets) {
    super("SEED", Integer.toString(buckets));
    this.buckets = buckets;
  }

  @Override
  public OptionalInt buckets() {
    return OptionalInt.of(buckets);
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    double min = Math.min(reference.min(), current.min());
    double max = Math.max(reference.max(), current.max());
    Edges.requireFiniteRange(min, max);
    double[] edges = Edges.unique(Edges.quantiles(reference, current, buckets));
    if (edges.length < 2) {
      edges = new double[] {min, max + Edges.WIDTH_OF_CONSTANT};
    }
    return BinCounts.between(edges, reference, current);
  }
}
