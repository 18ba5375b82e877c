package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.Bin;
import ai.pediscreen.telemetry.drift.CategoryBin;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.IntervalBin;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One sentence about what has changed most: "latency ≥ 560 ms: 10 % → 24 %; median +31 %". It
 * compares shares, so it reads the same for any number of events.
 */
final class DriftSentence {

  /** From so many hundredths on, the share without a value is worth a word. */
  private static final double MISSING_WORTH_A_WORD = 0.01;

  private static final int MAX_TEXT = 40;

  private DriftSentence() {}

  static String of(
      DriftSubject subject,
      DayValues reference,
      DayValues current,
      @Nullable DriftComparison comparison) {
    StringBuilder sentence = new StringBuilder();
    if (comparison != null) {
      sentence.append(
          comparison.isOfNumbers()
              ? numbers(subject, comparison)
              : largestMove(subject, comparison));
      Double shift = comparison.evidence().medianShift();
      if (shift != null) {
        sentence.append("; median ").append(signedPercent(shift));
      }
    }
    double before = reference.missingShare();
    double now = current.missingShare();
    if ((reference.events() > 0 && Math.abs(now - before) >= MISSING_WORTH_A_WORD)
        || comparison == null) {
      sentence
          .append(sentence.isEmpty() ? "" : "; ")
          .append("without a value: ")
          .append(fromTo(before, now));
    }
    return sentence.toString();
  }

  private static String numbers(DriftSubject subject, DriftComparison comparison) {
    List<? extends Bin> bins = comparison.psi().bins();
    if (bins.size() == 1
        || bins.stream()
            .allMatch(bin -> bin instanceof IntervalBin one && one.lower() == one.upper())) {
      return bins.size() > 1 ? largestMove(subject, comparison) : constants(subject, comparison);
    }
    // Where the distribution functions are farthest apart, among the edges of the bins.
    CountedValues before = comparison.reference().numbers();
    CountedValues now = comparison.current().numbers();
    double edge = 0;
    double widest = -1;
    long beforeBelow = 0;
    long nowBelow = 0;
    double[] over = {0, 0};
    for (Bin bin : bins.subList(0, bins.size() - 1)) {
      beforeBelow += bin.referenceCount();
      nowBelow += bin.currentCount();
      double beforeOver = 1 - (double) beforeBelow / before.total();
      double nowOver = 1 - (double) nowBelow / now.total();
      if (Math.abs(nowOver - beforeOver) > widest && bin instanceof IntervalBin interval) {
        widest = Math.abs(nowOver - beforeOver);
        edge = interval.upper();
        over = new double[] {beforeOver, nowOver};
      }
    }
    return "%s ≥ %s: %s"
        .formatted(name(subject), withUnit(subject, edge), fromTo(over[0], over[1]));
  }

  /** SEED's single bin: the two largest values at most, which the medians tell apart. */
  private static String constants(DriftSubject subject, DriftComparison comparison) {
    return "%s median %s → %s"
        .formatted(
            name(subject),
            withUnit(subject, comparison.reference().numbers().median()),
            withUnit(subject, comparison.current().numbers().median()));
  }

  private static String largestMove(DriftSubject subject, DriftComparison comparison) {
    Bin largest = null;
    double widest = -1;
    double n = comparison.psi().referenceCount();
    double m = comparison.psi().currentCount();
    for (Bin bin : comparison.psi().bins()) {
      double move = Math.abs(bin.currentCount() / m - bin.referenceCount() / n);
      if (move > widest) {
        widest = move;
        largest = bin;
      }
    }
    return largest == null
        ? ""
        : "%s %s: %s"
            .formatted(
                name(subject),
                label(subject, largest),
                fromTo(largest.referenceCount() / n, largest.currentCount() / m));
  }

  private static String label(DriftSubject subject, Bin bin) {
    if (bin instanceof IntervalBin interval) {
      return "= " + withUnit(subject, interval.lower());
    }
    CategoryBin category = (CategoryBin) bin;
    String text = DriftComparison.textOf(category);
    if (text == null) {
      return category.category();
    }
    return text.codePointCount(0, text.length()) <= MAX_TEXT
        ? "= \"" + text + '"'
        : "= \"" + text.substring(0, text.offsetByCodePoints(0, MAX_TEXT)) + "…\"";
  }

  private static String name(DriftSubject subject) {
    return subject.isLatency() ? "latency" : subject.feature();
  }

  private static String withUnit(DriftSubject subject, double value) {
    String number =
        BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    return subject.isLatency() ? number + " ms" : number;
  }

  private static String fromTo(double before, double now) {
    return percent(before) + " → " + percent(now);
  }

  /** Whole hundredths, tenths of them under 10 %, and "under 0.1 %" for what is less. */
  private static String percent(double share) {
    double percent = 100 * share;
    if (percent > 0 && percent < 0.1) {
      return "under 0.1 %";
    }
    return percent == 0 || percent >= 9.95
        ? String.format(Locale.ROOT, "%.0f %%", percent)
        : String.format(Locale.ROOT, "%.1f %%", percent);
  }

  private static String signedPercent(double part) {
    return Math.abs(part) >= 10
        ? String.format(Locale.ROOT, "× %.0f", 1 + part)
        : String.format(Locale.ROOT, Math.abs(part) < 0.0995 ? "%+.1f %%" : "%+.0f %%", 100 * part);
  }
}
