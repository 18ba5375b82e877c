package ai.pediscreen.telemetry.drift;

/**
 * The upper tail of the χ² distribution, and its quantiles.
 *
 * <p>Source: the regularised incomplete gamma function by its series below the mean and by its
 * continued fraction above (Press et al., Numerical Recipes, 6.2), with the density before both in
 * the form that loses no digits for many degrees (Loader, Fast and Accurate Computation of Binomial
 * Probabilities, 2000). Relative error below 1e-11 up to 10⁵ degrees; about √degrees steps.
 */
final class ChiSquaredTail {

  private static final double NEGLIGIBLE = 1e-17;
  private static final double CONVERGED = 1e-15;
  private static final double TINY = 1e-300;

  /** From here on Stirling's series is exact. */
  private static final double STIRLING_FROM = 15;

  private ChiSquaredTail() {}

  /**
   * How often chance gives at least as much.
   *
   * @param statistic 0 or more
   * @param degrees degrees of freedom, 1 or more
   * @return 0 to 1; 1 for 0
   */
  static double survival(double statistic, int degrees) {
    return upper(degrees / 2.0, statistic / 2);
  }

  /**
   * What chance stays below with a probability.
   *
   * @param probability greater than 0, less than 1
   * @param degrees degrees of freedom, 1 or more
   */
  static double quantile(double probability, int degrees) {
    double shape = degrees / 2.0;
    double low = 0;
    double high = shape;
    while (excess(shape, high, probability) < 0) {
      low = high;
      high *= 2;
    }
    double x = (low + high) / 2;
    while (x > low && x < high) {
      double excess = excess(shape, x, probability);
      if (excess < 0) {
        low = x;
      } else {
        high = x;
      }
      double next = x - excess * x / (shape * density(shape, x));
      if (Math.abs(next - x) <= CONVERGED * x) {
        return 2 * x;
      }
      x = next > low && next < high ? next : (low + high) / 2;
    }
    return 2 * x;
  }

  /** How much more than the probability lies below x, counted from the tail that is smaller. */
  private static double excess(double shape, double x, double probability) {
    return probability <= 0.5 ? lower(shape, x) - probability : (1 - probability) - upper(shape, x);
  }

  private static double lower(double shape, double x) {
    return x < shape + 1 ? series(shape, x) : 1 - continuedFraction(shape, x);
  }

  private static double upper(double shape, double x) {
    return x < shape + 1 ? 1 - series(shape, x) : continuedFraction(shape, x);
  }

  private static double series(double shape, double x) {
    double term = 1;
    double sum = 1;
    for (double n = shape + 1; term > sum * NEGLIGIBLE; n++) {
      term *= x / n;
      sum += term;
    }
    return density(shape, x) * sum;
  }

  /** Lentz's way, modified by Thompson and Barnett. */
  private static double continuedFraction(double shape, double x) {
    double b = x + 1 - shape;
    double c = 1 / TINY;
    double d = 1 / b;
    double fraction = d;
    double change = 0;
    for (int i = 1; Math.abs(change - 1) > CONVERGED; i++) {
      double a = -i * (i - shape);
      b += 2;
      d = 1 / notZero(a * d + b);
      c = notZero(b + a / c);
      change = c * d;
      fraction *= change;
    }
    return shape * density(shape, x) * fraction;
  }

  private static double notZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** {@code x^shape · e^−x / Γ(shape + 1)}. */
  private static double density(double shape, double x) {
    if (x == 0) {
      return 0;
    }
    double exponent = -stirlingError(shape) - deviance(shape, x);
    return Math.exp(exponent) / Math.sqrt(2 * Math.PI * shape);
  }

  /** {@code ln Γ(n + 1) − (n + ½) ln n + n − ½ ln 2π}. */
  private static double stirlingError(double n) {
    double below = 0;
    double from = n;
    while (from < STIRLING_FROM) {
      below += (from + 0.5) * Math.log1p(1 / from) - 1;
      from++;
    }
    double square = from * from;
    double series = 1.0 / 1260 - (1.0 / 1680 - 1.0 / (1188 * square)) / square;
    return below + (1.0 / 12 - (1.0 / 360 - series / square) / square) / from;
  }

  /** {@code n ln(n / x) + x − n}; by its series where the two are close and would cancel out. */
  private static double deviance(double n, double x) {
    double ratio = (n - x) / (n + x);
    if (Math.abs(ratio) >= 0.1) {
      return n * Math.log(n / x) + x - n;
    }
    double sum = (n - x) * ratio;
    double term = 2 * n * ratio;
    double before;
    int odd = 1;
    do {
      before = sum;
      term *= ratio * ratio;
      odd += 2;
      sum += term / odd;
    } while (sum != before);
    return sum;
  }
}
