package ai.pediscreen.telemetry.drift;

import java.util.Map;

/**
 * Pearson's χ² test that two samples of categories come from one population.
 *
 * <p>Source: Pearson's statistic for a 2 × k table, Σ (observed − expected)²/expected with expected
 * counts from the sums of rows and columns, k − 1 degrees of freedom, without Yates' correction
 * (NIST/SEMATECH e-Handbook of Statistical Methods, 7.4.5). Immutable.
 *
 * @param statistic 0 or more; 0 for equal shares and for a single category
 * @param degreesOfFreedom categories that occur, less one
 * @param pValue how often samples of one population differ at least as much; 1 for a single
 *     category
 * @param smallestExpected the smallest expected count; under 5, the usual rule says, the p-value is
 *     rough
 */
public record ChiSquared(
    double statistic, int degreesOfFreedom, double pValue, double smallestExpected) {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public ChiSquared {
    if (!(statistic >= 0)) {
      throw new IllegalArgumentException("statistic must be at least 0, but is " + statistic);
    }
    if (degreesOfFreedom < 0) {
      throw new IllegalArgumentException(
          "degreesOfFreedom must be at least 0, but is " + degreesOfFreedom);
    }
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("pValue must be between 0 and 1, but is " + pValue);
    }
    if (!(smallestExpected > 0)) {
      throw new IllegalArgumentException(
          "smallestExpected must be greater than 0, but is " + smallestExpected);
    }
  }

  /**
   * Tests two samples of categories.
   *
   * @param reference category to count, 0 or more; those at 0 on both sides are left out
   * @param current likewise
   * @throws IllegalArgumentException if a sample is empty or a count negative
   */
  public static ChiSquared of(Map<String, Long> reference, Map<String, Long> current) {
    CategoryCounts counts = CategoryCounts.of(reference, current);
    double n = counts.referenceTotal();
    double m = counts.currentTotal();
    double statistic = 0;
    double smallestExpected = Double.POSITIVE_INFINITY;
    for (int i = 0; i < counts.names().size(); i++) {
      double share = ((double) counts.reference()[i] + counts.current()[i]) / (n + m);
      statistic += term(counts.reference()[i], share * n) + term(counts.current()[i], share * m);
      smallestExpected = Math.min(smallestExpected, share * Math.min(n, m));
    }
    int degrees = counts.names().size() - 1;
    double pValue = degrees == 0 ? 1 : ChiSquaredTail.survival(statistic, degrees);
    return new ChiSquared(statistic, degrees, pValue, smallestExpected);
  }

  private static double term(long observed, double expected) {
    double difference = observed - expected;
    return difference * difference / expected;
  }
}
