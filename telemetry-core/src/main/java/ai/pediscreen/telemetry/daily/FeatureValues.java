package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CountedValues;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of one {@link DriftFeature}, counted. A JSON number is a number; a string, {@code
 * true} or {@code false} is a category, by its text; null, an object, an array or nothing at all is
 * no value and is not counted.
 *
 * <p>What is kept is bounded, whatever is sent:
 *
 * <ul>
 *   <li>Numbers are rounded to {@value #DIGITS} significant decimal digits (half away from zero),
 *       an error of at most 0.05 %; whole numbers up to 9999 are exact. What is beyond
 *       ±10<sup>300</sup> counts as that. Should a day then have more than {@value #MAX_NUMBERS}
 *       different numbers, which takes values over several powers of ten, they are rounded to one
 *       digit less, and so on.
 *   <li>Texts are cut after {@value #MAX_TEXT_LENGTH} characters. The {@value #MAX_TEXTS} most
 *       frequent of a day are kept, the rest counts as "other". While counting, at most {@value
 *       #MAX_COUNTED_TEXTS} different texts are told apart, the first in ascending order.
 * </ul>
 *
 * <p>None of this depends on the order in which values come. Immutable.
 *
 * @param numbers the numbers, rounded
 * @param texts how often each text occurs, at least once
 * @param otherTexts how many texts were not kept by name; 0 or more. If there are any, texts that
 *     are not in {@code texts} may be among them
 * @param digits to how many significant digits numbers are rounded: 1 to {@value #DIGITS}, or
 *     {@value #EXACT} for such as are not
 */
public record FeatureValues(
    CountedValues numbers, SortedMap<String, Long> texts, long otherTexts, int digits) {

  /** Significant digits of numbers. */
  public static final int DIGITS = 4;

  /** How many different numbers a day keeps. */
  public static final int MAX_NUMBERS = 20_000;

  /** How many different texts a day keeps, and a comparison tells apart. */
  public static final int MAX_TEXTS = 200;

  /** How many different texts are told apart while a day is counted. */
  public static final int MAX_COUNTED_TEXTS = 2_000;

  /** Characters of a text, as code points. */
  public static final int MAX_TEXT_LENGTH = 64;

  /** The digits of numbers that are not rounded, as latencies are not. */
  public static final int EXACT = 17;

  private static final FeatureValues NONE =
      new FeatureValues(CountedValues.empty(), new TreeMap<>(), 0, EXACT);

  public FeatureValues {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    if (otherTexts < 0 || texts.values().stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("counts of texts must be at least 1");
    }
    if (digits < 1 || digits > EXACT) {
      throw new IllegalArgumentException(
          "digits must be between 1 and %d, but is %d".formatted(EXACT, digits));
    }
  }

  /** No value at all. */
  public static FeatureValues none() {
    return NONE;
  }

  /** Returns a builder without values. */
  public static Builder builder() {
    return new Builder();
  }

  /** How many values there are. */
  public long total() {
    return numbers.total() + totalOfTexts();
  }

  /** Latencies in milliseconds, each as it was. */
  public static FeatureValues ofLatencies(CountedValues latencies) {
    return new FeatureValues(latencies, new TreeMap<>(), 0, EXACT);
  }

  /** A text as far as it is kept. */
  static String cut(String text) {
    return text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT_LENGTH));
  }

  /**
   * The values of both, as of two days; it may have more different ones than a day keeps. A text is
   * kept by name if neither side may have put it together with others, and numbers are rounded to
   * the digits of the side that has fewer: so days of different volume can be compared. In any
   * order the same.
   */
  public FeatureValues merge(FeatureValues other) {
    SortedMap<String, Long> merged = new TreeMap<>();
    long rest = otherTexts + other.otherTexts;
    rest += addKept(merged, other) + other.addKept(merged, this);
    int fewer = Math.min(digits, other.digits);
    return new FeatureValues(roundedTo(fewer).merge(other.roundedTo(fewer)), merged, rest, fewer);
  }

  /**
   * The same values as they can be compared with others: with the texts alone that those may not
   * have put together, and numbers rounded as theirs are.
   */
  FeatureValues comparableWith(FeatureValues other) {
    SortedMap<String, Long> kept = new TreeMap<>();
    long rest = otherTexts + addKept(kept, other);
    int fewer = Math.min(digits, other.digits);
    return new FeatureValues(roundedTo(fewer), kept, rest, fewer);
  }

  /** Adds the texts that the other side names or has not cut, and returns how many others are. */
  private long addKept(Map<String, Long> kept, FeatureValues other) {
    long cut = 0;
    for (Map.Entry<String, Long> text : texts.entrySet()) {
      if (other.otherTexts == 0 || other.texts.containsKey(text.getKey())) {
        kept.merge(text.getKey(), text.getValue(), Long::sum);
      } else {
        cut += text.getValue();
      }
    }
    return cut;
  }

  private CountedValues roundedTo(int fewer) {
    return fewer == digits || numbers.isEmpty()
        ? numbers
        : SignificantDigits.rounded(numbers, Math.min(digits, DIGITS), fewer);
  }

  long totalOfTexts() {
    return otherTexts + total(texts);
  }

  private static long total(Map<String, Long> texts) {
    return texts.values().stream().mapToLong(Long::longValue).sum();
  }

  static Map<String, Long> mostFrequent(SortedMap<String, Long> texts) {
    // Sorting is stable: of texts that are as frequent, the first in ascending order are kept.
    return texts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MAX_TEXTS)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * The serialised form, version 2: the same bytes for equal values. A version byte; the digits as
   * a byte; the length of {@link CountedValues#toBytes} and these bytes; the count of other texts;
   * the number of texts, and each in ascending order in modified UTF-8 with its count. Whole
   * numbers are big-endian. Version 1 has no digits.
   */
  public byte[] toBytes() {
    return FeatureValuesFormat.write(this);
  }

  /**
   * Reads what {@link #toBytes} wrote, or did in version 1.
   *
   * @throws IllegalArgumentException if the bytes are something else
   */
  public static FeatureValues fromBytes(byte[] bytes) {
    return FeatureValuesFormat.read(bytes);
  }

  /** Counts the values of a day. Not safe for use by several threads. */
  public static final class Builder {

    private final TreeMap<String, Long> texts = new TreeMap<>();
    private CountedValues.Builder numbers = CountedValues.builder();
    private int digits = DIGITS;
    private int addedNumbers;
    private long otherTexts;

    private Builder() {}

    /**
     * Counts a JSON value; one that is neither number, string nor boolean is left out.
     *
     * @param value decoded JSON, or null
     * @param count how often it occurs, at least 1
     */
    public Builder add(@Nullable Object value, long count) {
      if (value instanceof String || value instanceof Boolean) {
        addText(value.toString(), count);
      } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
        addNumber(
            number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString()),
            count);
      }
      return this;
    }

    private void addText(String text, long count) {
      texts.merge(cut(text), count, Long::sum);
      // A text that has to go is after all that stay, now and later, so none of these lost a count.
      if (texts.size() > MAX_COUNTED_TEXTS) {
        otherTexts += texts.pollLastEntry().getValue();
      }
    }

    private void addNumber(BigDecimal number, long count) {
      double rounded = SignificantDigits.rounded(number, DIGITS);
      numbers.add(SignificantDigits.rounded(rounded, DIGITS, digits), count);
      if (++addedNumbers % MAX_NUMBERS == 0) {
        bound();
      }
    }

    /** Rounds all numbers to fewer digits while there are too many different ones. */
    private CountedValues bound() {
      CountedValues all = numbers.build();
      while (all.distinct() > MAX_NUMBERS && digits > 1) {
        all = SignificantDigits.rounded(all, digits, digits - 1);
        digits--;
        numbers = CountedValues.builder();
        for (int i = 0; i < all.distinct(); i++) {
          numbers.add(all.value(i), all.count(i));
        }
      }
      return all;
    }

    /** The values counted so far. */
    public FeatureValues build() {
      Map<String, Long> kept = mostFrequent(texts);
      CountedValues all = bound();
      return new FeatureValues(
          all, new TreeMap<>(kept), otherTexts + total(texts) - total(kept), digits);
    }
  }
}
