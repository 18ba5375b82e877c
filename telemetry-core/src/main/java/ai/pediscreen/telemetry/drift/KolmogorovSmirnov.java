package ai.pediscreen.telemetry.drift;

/**
 * The two-sided Kolmogorov–Smirnov test that two samples come from one population: the largest gap
 * between their empirical distribution functions; needs no bins.
 *
 * <p>Source: Smirnov's two-sample statistic; the exact p-value by counting lattice paths (Hodges,
 * The Significance Probability of the Smirnov Two-Sample Test, 1957), the approximate one from
 * Kolmogorov's limit at D·√(nm/(n + m)). Both assume that no two values are equal; with ties they
 * are too large, so a small one can be trusted. Immutable.
 *
 * @param statistic sup |F(x) − G(x)|, from 0 for equal distributions to 1 for samples side by side
 * @param pValue how often samples of one population are at least as far apart, 0 to 1
 * @param exact whether the p-value is exact, as it is up to n·m = 10<sup>6</sup>, or Kolmogorov's
 *     limit
 */
public record KolmogorovSmirnov(double statistic, double pValue, boolean exact) {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public KolmogorovSmirnov {
    if (!(statistic >= 0 && statistic <= 1)) {
      throw new IllegalArgumentException("statistic must be between 0 and 1, but is " + statistic);
    }
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("pValue must be between 0 and 1, but is " + pValue);
    }
  }

  /**
   * Tests fractions.
   *
   * @throws IllegalArgumentException if a sample is empty or has a value that is not finite
   */
  public static KolmogorovSmirnov of(double[] reference, double[] current) {
    return of(
        RawSample.refusingNotFinite("reference", reference).counted(),
        RawSample.refusingNotFinite("current", current).counted());
  }

  /**
   * Tests whole numbers.
   *
   * @throws IllegalArgumentException if a sample is empty or has a value outside ±2<sup>53</sup>
   */
  public static KolmogorovSmirnov of(long[] reference, long[] current) {
    return of(
        RawSample.of("reference", reference).counted(), RawSample.of("current", current).counted());
  }

  /**
   * Tests whole numbers.
   *
   * @throws IllegalArgumentException if a sample is empty
   */
  public static KolmogorovSmirnov of(int[] reference, int[] current) {
    return of(
        RawSample.of("reference", reference).counted(), RawSample.of("current", current).counted());
  }

  /**
   * Tests counted values: O(distinct values), and O(n·m) more where the p-value is exact.
   *
   * @throws IllegalArgumentException if a sample is empty
   */
  public static KolmogorovSmirnov of(CountedValues reference, CountedValues current) {
    SampleChecks.requireNotEmpty("reference", reference);
    SampleChecks.requireNotEmpty("current", current);
    long n = reference.total();
    long m = current.total();
    if (SmirnovDistribution.isExactFor(n, m)) {
      long[] gap = {0};
      DistributionSteps.walk(
          reference,
          current,
          (below, belowCurrent, width) ->
              gap[0] = Math.max(gap[0], Math.abs(below * m - belowCurrent * n)));
      double statistic = (double) gap[0] / (n * m);
      double pValue = SmirnovDistribution.exact(gap[0], (int) n, (int) m);
      return new KolmogorovSmirnov(statistic, pValue, true);
    }
    double[] gap = {0};
    DistributionSteps.walk(
        reference,
        current,
        (below, belowCurrent, width) ->
            gap[0] = Math.max(gap[0], Math.abs((double) below / n - (double) belowCurrent / m)));
    double effective = Math.sqrt((double) n / ((double) n + m) * m);
    return new KolmogorovSmirnov(
        gap[0], SmirnovDistribution.kolmogorovLimit(gap[0] * effective), false);
  }
}
