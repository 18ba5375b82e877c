package ai.pediscreen.telemetry.drift;

/**
 * A bin of values: [lower, upper), closed above if it is the last of its result. Where both edges
 * are equal, the bin is that single value.
 *
 * @param lower the lower edge, −∞ where the bin is open below
 * @param upper the upper edge, ∞ where the bin is open above
 * @param referenceCount 0 or more
 * @param currentCount 0 or more
 * @param referenceShare greater than 0
 * @param currentShare greater than 0
 * @param contribution 0 or more
 */
public record IntervalBin(
    double lower,
    double upper,
    long referenceCount,
    long currentCount,
    double referenceShare,
    double currentShare,
    double contribution)
    implements Bin {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public IntervalBin {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          "lower must be at most upper, but is %s over %s".formatted(lower, upper));
    }
    BinChecks.require(referenceCount, currentCount, referenceShare, currentShare, contribution);
  }
}
