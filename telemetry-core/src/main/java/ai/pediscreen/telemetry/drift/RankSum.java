package ai.pediscreen.telemetry.drift;

/**
 * The two-sided rank-sum test that numbers of one sample are not larger than those of another. It
 * knows the order of values, which χ² over bins does not, and so finds smaller shifts.
 *
 * <p>Source: Mann and Whitney, On a Test of Whether One of Two Random Variables is Stochastically
 * Larger than the Other (1947); normal approximation with the correction for ties and by half a
 * step (Lehmann, Nonparametrics, 1975).
 */
final class RankSum {

  private RankSum() {}

  /** How often samples of one population differ as much; 1 where all values are equal. */
  static double pValue(CountedValues reference, CountedValues current) {
    double n = reference.total();
    double m = current.total();
    double all = n + m;
    double[] sums = {0, 0};
    long[] below = {0, 0};
    DistributionSteps.walk(
        reference,
        current,
        (belowReference, belowCurrent, width) -> {
          double here = belowReference - below[0];
          double now = belowCurrent - below[1];
          double tied = here + now;
          sums[0] += now * (below[0] + here / 2);
          sums[1] += tied * (tied * tied - 1) / (all * (all - 1));
          below[0] = belowReference;
          below[1] = belowCurrent;
        });
    double variance = n * m / 12 * (all + 1 - sums[1]);
    double distance = Math.max(0, Math.abs(sums[0] - n * m / 2) - 0.5);
    if (!(variance > 0) || distance == 0) {
      return 1;
    }
    // The square of a normal value is a χ² one, which is as large for both tails.
    return ChiSquaredTail.survival(distance * distance / variance, 1);
  }
}
