package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/** {@link Binning#custom}. */
final class CustomBinning extends Binning {

  private final double[] edges;

  CustomBinning(double[] edges) {
    super("CUSTOM", Arrays.toString(edges));
    requireEdges(edges);
    this.edges = edges;
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    requireInside("reference", reference, edges);
    requireInside("current", current, edges);
    return BinCounts.between(edges, reference, current);
  }

  double[] edges() {
    return edges.clone();
  }

  static void requireEdges(double[] edges) {
    if (edges.length < 2) {
      throw new IllegalArgumentException("edges must be at least two, but are " + edges.length);
    }
    for (int i = 0; i < edges.length; i++) {
      boolean outermost = i == 0 || i == edges.length - 1;
      if (Double.isNaN(edges[i]) || (!outermost && Double.isInfinite(edges[i]))) {
        throw new IllegalArgumentException(
            "edges[%d] must be finite, but is %s".formatted(i, edges[i]));
      }
      if (i > 0 && !(edges[i] > edges[i - 1])) {
        throw new IllegalArgumentException(
            "edges must ascend strictly, but edges[%d] is %s after %s"
                .formatted(i, edges[i], edges[i - 1]));
      }
    }
  }

  static void requireInside(String name, CountedValues sample, double[] edges) {
    double lowest = edges[0];
    double highest = edges[edges.length - 1];
    if (sample.min() >= lowest && sample.max() <= highest) {
      return;
    }
    long outside = 0;
    for (int i = 0; i < sample.distinct(); i++) {
      if (sample.value(i) < lowest || sample.value(i) > highest) {
        outside += sample.count(i);
      }
    }
    throw new IllegalArgumentException(
        ("%s has %d of %d values outside the edges [%s, %s];"
                + " make the outermost edges infinite to include them")
            .formatted(name, outside, sample.total(), lowest, highest));
  }
}
