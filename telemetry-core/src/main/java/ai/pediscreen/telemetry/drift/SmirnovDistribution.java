package ai.pediscreen.telemetry.drift;

/** How often chance alone opens a gap between two empirical distribution functions. */
final class SmirnovDistribution {

  /** The largest n·m for which every lattice point is visited: a few milliseconds. */
  private static final long MOST_LATTICE_POINTS = 1_000_000;

  /** Where both series need a handful of terms: the one above it, the other below. */
  private static final double SERIES_MEET = 1.18;

  /** Under this, the probability is 1 to the last bit. */
  private static final double SURELY_PASSED = 0.1;

  private SmirnovDistribution() {}

  static boolean isExactFor(long n, long m) {
    return n <= MOST_LATTICE_POINTS && m <= MOST_LATTICE_POINTS / n;
  }

  /**
   * P(D ≥ gap/(n·m)) for samples without ties.
   *
   * <p>Putting both samples in order is a path from (0, 0) to (n, m), each path as likely as any
   * other. A path passes the gap if it meets a point with |i·m − j·n| ≥ gap. Given that a path goes
   * through (i, j), its last step there came along the first axis with probability i/(i + j); so
   * the probability of having passed the gap by (i, j) is a weighted mean of those at the two
   * points before it. Only means of numbers between 0 and 1 are taken, so small probabilities keep
   * their digits.
   *
   * @param gap 0 to n·m
   */
  static double exact(long gap, int n, int m) {
    int rows = Math.max(n, m);
    int columns = Math.min(n, m);
    double[] passed = new double[columns + 1];
    for (int i = 0; i <= rows; i++) {
      for (int j = 0; j <= columns; j++) {
        if (Math.abs((long) i * columns - (long) j * rows) >= gap) {
          passed[j] = 1;
        } else if (i + j == 0) {
          passed[j] = 0;
        } else {
          double along = i == 0 ? 0 : i * passed[j];
          double across = j == 0 ? 0 : j * passed[j - 1];
          passed[j] = (along + across) / (i + j);
        }
      }
    }
    return Math.min(1, passed[columns]);
  }

  /**
   * P(K ≥ x) for Kolmogorov's distribution: 2 Σ (−1)ᵏ⁻¹ exp(−2k²x²), or for small x the equivalent
   * 1 − √(2π)/x Σ exp(−(2k − 1)²π²/(8x²)), which converges faster there.
   *
   * <p>Source: Feller, On the Kolmogorov–Smirnov Limit Theorems (1948).
   *
   * @param x 0 or more
   */
  static double kolmogorovLimit(double x) {
    if (x < SURELY_PASSED) {
      return 1;
    }
    double sum = 0;
    if (x < SERIES_MEET) {
      for (int odd = 1; odd <= 9; odd += 2) {
        sum += Math.exp(-odd * odd * Math.PI * Math.PI / (8 * x * x));
      }
      return Math.max(0, Math.min(1, 1 - Math.sqrt(2 * Math.PI) / x * sum));
    }
    for (int k = 5; k >= 1; k--) {
      sum = Math.exp(-2.0 * k * k * x * x) - sum;
    }
    return Math.min(1, 2 * sum);
  }
}
