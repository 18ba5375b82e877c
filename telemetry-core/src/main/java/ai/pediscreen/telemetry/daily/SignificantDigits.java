package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CountedValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Rounds numbers to significant decimal digits, half away from zero, one digit less at a time: so
 * it does not matter when a day found that it has to round more.
 */
final class SignificantDigits {

  /** Differences of such numbers, as between the edges of bins, are finite still. */
  static final double LARGEST = 1e300;

  private SignificantDigits() {}

  /** A number, within ±10<sup>300</sup>. */
  static double rounded(BigDecimal number, int digits) {
    double value = number.round(new MathContext(digits, RoundingMode.HALF_UP)).doubleValue();
    return Math.max(-LARGEST, Math.min(LARGEST, value));
  }

  /** A number that was rounded to {@code from} digits. */
  static double rounded(double number, int from, int to) {
    double rounded = number;
    for (int digits = from - 1; digits >= to; digits--) {
      rounded = rounded(new BigDecimal(rounded), digits);
    }
    return rounded;
  }

  /** Numbers that were rounded to {@code from} digits. */
  static CountedValues rounded(CountedValues numbers, int from, int to) {
    CountedValues.Builder rounded = CountedValues.builder();
    for (int i = 0; i < numbers.distinct(); i++) {
      rounded.add(rounded(numbers.value(i), from, to), numbers.count(i));
    }
    return rounded.build();
  }
}
