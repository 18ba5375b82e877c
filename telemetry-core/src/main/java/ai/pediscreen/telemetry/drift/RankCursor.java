package ai.pediscreen.telemetry.drift;

/**
 * Reads the values of two samples taken together by their rank, for ranks that do not descend: one
 * pass over both, whatever the number of ranks asked for.
 */
final class RankCursor {

  private final CountedValues first;
  private final CountedValues second;
  private int inFirst;
  private int inSecond;
  private double value;

  /** How many values are at or below {@link #value}. */
  private long passed;

  RankCursor(CountedValues first, CountedValues second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Returns the value at a rank in ascending order.
   *
   * @param rank 0 to the number of values in both − 1, and not less than the one asked for before
   */
  double at(long rank) {
    while (passed <= rank) {
      boolean fromFirst =
          inSecond == second.distinct()
              || (inFirst < first.distinct() && first.value(inFirst) <= second.value(inSecond));
      if (fromFirst) {
        value = first.value(inFirst);
        passed += first.count(inFirst++);
      } else {
        value = second.value(inSecond);
        passed += second.count(inSecond++);
      }
    }
    return value;
  }
}
