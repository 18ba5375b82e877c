package ai.pediscreen.telemetry.drift;

/**
 * The bits of a {@code double} rearranged so that comparing the {@code long}s compares the values:
 * IEEE 754's total order, without NaN.
 */
final class OrderedBits {

  private OrderedBits() {}

  static long of(double value) {
    return flip(Double.doubleToRawLongBits(value));
  }

  static double toDouble(long orderedBits) {
    return Double.longBitsToDouble(flip(orderedBits));
  }

  /** Negative doubles have descending bits; turning all but the sign over makes them ascend. */
  private static long flip(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
