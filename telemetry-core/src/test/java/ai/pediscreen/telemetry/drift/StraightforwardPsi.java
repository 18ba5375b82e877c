package ai.pediscreen.telemetry.drift;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * SEED as one would write it down first: sort both samples together, interpolate the edges, search
 * the bin of every value. The oracle of a test and the yardstick of a benchmark.
 */
public final class StraightforwardPsi {

  private StraightforwardPsi() {}

  public static double index(long[] reference, long[] current, int buckets) {
    return index(
        LongStream.of(reference).asDoubleStream().toArray(),
        LongStream.of(current).asDoubleStream().toArray(),
        buckets);
  }

  /**
   * Returns the index.
   *
   * @param reference without −0.0, which sorting and searching would hold apart from 0.0
   * @param current likewise
   */
  public static double index(double[] reference, double[] current, int buckets) {
    double[] edges = edges(reference, current, buckets);
    double[] p = shares(reference, edges);
    double[] q = shares(current, edges);
    double index = 0;
    for (int i = 0; i < p.length; i++) {
      index += (p[i] - q[i]) * Math.log(p[i] / q[i]);
    }
    return index;
  }

  /** Ascending, one more than there are bins. */
  public static double[] edges(double[] reference, double[] current, int buckets) {
    double[] all = Arrays.copyOf(reference, reference.length + current.length);
    System.arraycopy(current, 0, all, reference.length, current.length);
    Arrays.sort(all);
    double[] edges = new double[buckets + 1];
    for (int i = 0; i <= buckets; i++) {
      double v = (all.length - 1) * (i == buckets ? 1.0 : i * (1.0 / buckets));
      int k = (int) Math.floor(v);
      double g = v - k;
      double a = all[k];
      double b = all[Math.min(k + 1, all.length - 1)];
      edges[i] = g < 0.5 ? a + (b - a) * g : b - (b - a) * (1 - g);
    }
    edges = DoubleStream.of(edges).sorted().distinct().toArray();
    if (edges.length < 2) {
      edges = new double[] {all[0], all[all.length - 1] + 1e-6};
    }
    return edges;
  }

  /** The number of the bin that a value falls into. */
  public static int bin(double[] edges, double value) {
    int found = Arrays.binarySearch(edges, value);
    return Math.min(found >= 0 ? found : -found - 2, edges.length - 2);
  }

  private static double[] shares(double[] sample, double[] edges) {
    int bins = edges.length - 1;
    double[] counts = new double[bins];
    for (double value : sample) {
      counts[bin(edges, value)]++;
    }
    return DoubleStream.of(counts)
        .map(count -> (count + 1e-6) / (sample.length + 1e-6 * bins))
        .toArray();
  }
}
