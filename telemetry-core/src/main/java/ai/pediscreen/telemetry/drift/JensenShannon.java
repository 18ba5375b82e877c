package ai.pediscreen.telemetry.drift;

/** {@link PsiResult#jensenShannonDistance()}, on shares. */
final class JensenShannon {

  private JensenShannon() {}

  /**
   * Measures two distributions.
   *
   * @param first shares that add up to 1
   * @param second as many, that add up to 1
   * @return 0 to √(ln 2)
   */
  static double distance(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      double mean = (first[i] + second[i]) / 2;
      sum += term(first[i], mean) + term(second[i], mean);
    }
    // Equal shares can sum to a rounding error below zero.
    return Math.sqrt(Math.max(sum, 0) / 2);
  }

  /** p·ln(p/m), which tends to 0 as p does. */
  private static double term(double share, double mean) {
    return share == 0 ? 0 : share * StrictMath.log(share / mean);
  }
}
