package ai.pediscreen.telemetry.drift;

/** Walks the empirical distribution functions of two samples side by side. */
final class DistributionSteps {

  /** Told of each stretch on which neither function moves. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Visits one stretch.
     *
     * @param reference how many reference values are at or below the stretch
     * @param current how many current values are at or below the stretch
     * @param width from this distinct value to the next; 0 after the last
     */
    void step(long reference, long current, double width);
  }

  private DistributionSteps() {}

  static void walk(CountedValues reference, CountedValues current, Visitor visitor) {
    int r = 0;
    int c = 0;
    long referenceBelow = 0;
    long currentBelow = 0;
    double value = Math.min(reference.min(), current.min());
    while (r < reference.distinct() || c < current.distinct()) {
      if (r < reference.distinct() && reference.value(r) == value) {
        referenceBelow += reference.count(r++);
      }
      if (c < current.distinct() && current.value(c) == value) {
        currentBelow += current.count(c++);
      }
      double next = next(reference, r, current, c, value);
      visitor.step(referenceBelow, currentBelow, next - value);
      value = next;
    }
  }

  private static double next(
      CountedValues reference, int r, CountedValues current, int c, double last) {
    if (r < reference.distinct()) {
      return c < current.distinct()
          ? Math.min(reference.value(r), current.value(c))
          : reference.value(r);
    }
    return c < current.distinct() ? current.value(c) : last;
  }
}
