package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * Both samples, counted into the same bins.
 *
 * @param lower the lower edge of each bin
 * @param upper the upper edge of each bin; equal to the lower one where a bin is a single value
 * @param reference the reference's count in each bin
 * @param current the current sample's count in each bin
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one computation and never leaves the package.
record BinCounts(double[] lower, double[] upper, long[] reference, long[] current) {

  /** Counts both samples between edges. */
  static BinCounts between(double[] edges, CountedValues reference, CountedValues current) {
    return between(edges, Edges.count(reference, edges), Edges.count(current, edges));
  }

  static BinCounts between(double[] edges, long[] reference, long[] current) {
    int bins = edges.length - 1;
    return new BinCounts(
        Arrays.copyOfRange(edges, 0, bins),
        Arrays.copyOfRange(edges, 1, bins + 1),
        reference,
        current);
  }
}
