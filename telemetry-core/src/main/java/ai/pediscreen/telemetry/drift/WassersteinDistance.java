package ai.pediscreen.telemetry.drift;

import java.util.OptionalDouble;

/**
 * The first Wasserstein ("earth mover's") distance of two samples: how far the values must move on
 * average to turn one distribution into the other. ∫ |F(x) − G(x)| dx over the two empirical
 * distribution functions; needs no bins.
 *
 * <p>Source: Ramdas, García Trillos and Cuturi, On Wasserstein Two-Sample Testing (2017), equation
 * for one dimension. O(distinct values). Immutable.
 *
 * @param distance in the values' own unit, 0 or more; 0 for equal distributions
 * @param referenceStandardDeviation of the reference as a population (divided by n), in the same
 *     unit; 0 for a constant reference
 */
public record WassersteinDistance(double distance, double referenceStandardDeviation) {

  /**
   * @throws IllegalArgumentException if a figure is negative or NaN
   */
  public WassersteinDistance {
    if (!(distance >= 0)) {
      throw new IllegalArgumentException("distance must be at least 0, but is " + distance);
    }
    if (!(referenceStandardDeviation >= 0)) {
      throw new IllegalArgumentException(
          "referenceStandardDeviation must be at least 0, but is " + referenceStandardDeviation);
    }
  }

  /**
   * Returns the distance in standard deviations of the reference, so that figures of different
   * features can be compared; empty for a constant reference, which has no scale of its own.
   */
  public OptionalDouble normed() {
    return referenceStandardDeviation > 0
        ? OptionalDouble.of(distance / referenceStandardDeviation)
        : OptionalDouble.empty();
  }

  /**
   * Measures fractions.
   *
   * @throws IllegalArgumentException if a sample is empty or has a value that is not finite
   */
  public static WassersteinDistance between(double[] reference, double[] current) {
    return between(
        RawSample.refusingNotFinite("reference", reference).counted(),
        RawSample.refusingNotFinite("current", current).counted());
  }

  /**
   * Measures whole numbers.
   *
   * @throws IllegalArgumentException if a sample is empty or has a value outside ±2<sup>53</sup>
   */
  public static WassersteinDistance between(long[] reference, long[] current) {
    return between(
        RawSample.of("reference", reference).counted(), RawSample.of("current", current).counted());
  }

  /**
   * Measures whole numbers.
   *
   * @throws IllegalArgumentException if a sample is empty
   */
  public static WassersteinDistance between(int[] reference, int[] current) {
    return between(
        RawSample.of("reference", reference).counted(), RawSample.of("current", current).counted());
  }

  /**
   * Measures counted values.
   *
   * @throws IllegalArgumentException if a sample is empty, or its values are so far apart that a
   *     figure overflows
   */
  public static WassersteinDistance between(CountedValues reference, CountedValues current) {
    SampleChecks.requireNotEmpty("reference", reference);
    SampleChecks.requireNotEmpty("current", current);
    Edges.requireFiniteRange(
        Math.min(reference.min(), current.min()), Math.max(reference.max(), current.max()));
    double[] distance = {0};
    DistributionSteps.walk(
        reference,
        current,
        (below, belowCurrent, width) ->
            distance[0] +=
                Math.abs(
                        (double) below / reference.total()
                            - (double) belowCurrent / current.total())
                    * width);
    return new WassersteinDistance(distance[0], standardDeviation(reference));
  }

  /**
   * Of the values' distances to the smallest, in two passes, so that a large mean costs no digits;
   * in units of a power of two near the range, so that no square overflows or vanishes.
   */
  private static double standardDeviation(CountedValues sample) {
    double origin = sample.min();
    int unit = Math.getExponent(sample.max() - origin);
    double sum = 0;
    for (int i = 0; i < sample.distinct(); i++) {
      sum += Math.scalb(sample.value(i) - origin, -unit) * sample.count(i);
    }
    double mean = sum / sample.total();
    double squares = 0;
    for (int i = 0; i < sample.distinct(); i++) {
      double deviation = Math.scalb(sample.value(i) - origin, -unit) - mean;
      squares += deviation * deviation * sample.count(i);
    }
    return Math.scalb(Math.sqrt(squares / sample.total()), unit);
  }
}
