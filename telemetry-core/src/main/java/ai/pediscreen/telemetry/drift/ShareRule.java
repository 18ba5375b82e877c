package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * How counts become shares, and above all what becomes of an empty bin, whose logarithm would be
 * infinite.
 */
enum ShareRule {

  /** (count + 10⁻⁶) / (total + 10⁻⁶·bins): shares still add up to 1. */
  PSEUDO_COUNT {
    @Override
    double[] shares(long[] counts, long total) {
      double divisor = total + EPSILON * counts.length;
      return Arrays.stream(counts).mapToDouble(count -> (count + EPSILON) / divisor).toArray();
    }
  },

  /** {@link #PSEUDO_COUNT}, and then no share under 10⁻⁶; nothing is renormalised. */
  PSEUDO_COUNT_CLIPPED {
    @Override
    double[] shares(long[] counts, long total) {
      return Arrays.stream(PSEUDO_COUNT.shares(counts, total))
          .map(share -> Math.max(share, EPSILON))
          .toArray();
    }
  },

  /**
   * count / total; where that is zero, a millionth of the side's smallest share m if m ≤ 10⁻⁴, else
   * 10⁻⁴; nothing is renormalised.
   */
  ZERO_REPLACED {
    @Override
    double[] shares(long[] counts, long total) {
      double[] shares = new double[counts.length];
      double smallest = 1;
      for (int i = 0; i < counts.length; i++) {
        shares[i] = (double) counts[i] / total;
        if (counts[i] > 0) {
          smallest = Math.min(smallest, shares[i]);
        }
      }
      double forZero = smallest <= SMALL_SHARE ? smallest / 1e6 : SMALL_SHARE;
      return Arrays.stream(shares).map(share -> share == 0 ? forZero : share).toArray();
    }
  };

  private static final double EPSILON = 1e-6;
  private static final double SMALL_SHARE = 1e-4;

  /**
   * Returns the share of each bin, greater than 0.
   *
   * @param counts one a bin, none negative
   * @param total their sum, at least 1
   */
  abstract double[] shares(long[] counts, long total);
}
