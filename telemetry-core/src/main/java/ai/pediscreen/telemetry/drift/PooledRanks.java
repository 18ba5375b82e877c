package ai.pediscreen.telemetry.drift;

/**
 * Reads the values of two samples taken together by their rank.
 *
 * <p>Nothing is merged: the value is searched for in either sample, and what lies at or below it in
 * the other is found by bisection. O(log² distinct) a rank, however many values there are.
 */
final class PooledRanks {

  private final CountedValues first;
  private final CountedValues second;

  PooledRanks(CountedValues first, CountedValues second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Returns the value at a rank in ascending order.
   *
   * @param rank 0 to the number of values in both − 1
   */
  double at(long rank) {
    return Math.min(smallestPast(rank, first, second), smallestPast(rank, second, first));
  }

  /** The smallest value of one sample with more than {@code rank} of both at or below it, or ∞. */
  private static double smallestPast(long rank, CountedValues sample, CountedValues other) {
    int low = 0;
    int high = sample.distinct();
    int otherLow = 0;
    int otherHigh = other.distinct();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int place = other.placeAfter(sample.value(middle), otherLow, otherHigh);
      if (sample.countUpTo(middle + 1) + other.countUpTo(place) > rank) {
        high = middle;
        otherHigh = place;
      } else {
        low = middle + 1;
        otherLow = place;
      }
    }
    return low < sample.distinct() ? sample.value(low) : Double.POSITIVE_INFINITY;
  }
}
