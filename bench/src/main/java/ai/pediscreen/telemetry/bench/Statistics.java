package ai.pediscreen.telemetry.bench;

import java.util.Collection;

/** Medians. */
final class Statistics {

  /**
   * A figure that was measured some times.
   *
   * @param samples how many times
   */
  record Spread(double median, double min, double max, int samples) {

    /** The range over the median; 0 where the median is. */
    double noise() {
      return median == 0 ? 0 : (max - min) / median;
    }
  }

  private Statistics() {}

  /**
   * Median, least and greatest; of an even number of values the median is the mean of the middle
   * ones.
   *
   * @throws IllegalArgumentException if there is no value
   */
  static Spread spread(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values must not be empty");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }
}
