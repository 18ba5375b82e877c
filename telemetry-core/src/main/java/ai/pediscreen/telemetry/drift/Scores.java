package ai.pediscreen.telemetry.drift;

/**
 * Shares, contributions and their sum, for counts in bins.
 *
 * @param reference the reference's share of each bin
 * @param current the current sample's share of each bin
 * @param contributions what each bin adds
 * @param index their sum
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one computation and never leaves the package.
record Scores(double[] reference, double[] current, double[] contributions, double index) {

  static Scores of(
      ShareRule rule, long[] reference, long referenceTotal, long[] current, long currentTotal) {
    double[] referenceShares = rule.shares(reference, referenceTotal);
    double[] currentShares = rule.shares(current, currentTotal);
    double[] contributions = new double[reference.length];
    double index = 0;
    for (int i = 0; i < contributions.length; i++) {
      contributions[i] = contribution(referenceShares[i], currentShares[i]);
      index += contributions[i];
    }
    return new Scores(referenceShares, currentShares, contributions, index);
  }

  /**
   * (p − q)·ln(p/q), in that order of operands: where p and q differ in the tenth digit, another
   * order gives another figure. Not negative, since rounding p/q never crosses 1. Swapping p and q
   * changes it by rounding only, less than 10⁻¹⁵.
   *
   * @implNote {@link StrictMath} gives the same bits on every machine, so that any node that
   *     computes a day stores the same figure.
   */
  private static double contribution(double p, double q) {
    return (p - q) * StrictMath.log(p / q);
  }
}
