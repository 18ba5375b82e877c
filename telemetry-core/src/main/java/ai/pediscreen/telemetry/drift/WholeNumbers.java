package ai.pediscreen.telemetry.drift;

/** Which doubles are whole numbers that a {@code long} holds exactly. */
final class WholeNumbers {

  /** 2<sup>53</sup>: up to this magnitude every whole number has a {@code double} of its own. */
  static final long LARGEST = 1L << 53;

  private WholeNumbers() {}

  /** Whether the value is whole and within ±2<sup>53</sup>; false for NaN and infinities. */
  static boolean isWhole(double value) {
    return Math.abs(value) <= LARGEST && value == (long) value;
  }

  /** Returns 0.0 for −0.0, any other value as it is. */
  static double withoutNegativeZero(double value) {
    // IEEE 754: −0.0 + 0.0 is +0.0 in the default rounding mode.
    return value + 0.0;
  }
}
