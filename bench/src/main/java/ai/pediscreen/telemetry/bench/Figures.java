package ai.pediscreen.telemetry.bench;

import ai.pediscreen.telemetry.bench.Statistics.Spread;
import java.util.Locale;

/** Numbers as they stand in tables. */
final class Figures {

  private Figures() {}

  /** With so many decimals, and a space between thousands; a dash for what is not known. */
  static String number(double value, int decimals) {
    return Double.isNaN(value)
        ? "–"
        : String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
  }

  /** A whole number, with a space between thousands. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }

  /** Median (least–greatest). */
  static String spread(Spread spread, int decimals) {
    return spread.samples() == 1
        ? number(spread.median(), decimals)
        : "%s (%s–%s)"
            .formatted(
                number(spread.median(), decimals),
                number(spread.min(), decimals),
                number(spread.max(), decimals));
  }
}
