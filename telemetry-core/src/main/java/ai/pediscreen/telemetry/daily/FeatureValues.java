package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CategoryBin;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
 * @param otherTexts how many texts were not kept by name; 0 or more
 */
public record FeatureValues(CountedValues numbers, SortedMap<String, Long> texts, long otherTexts) {

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

  private static final FeatureValues NONE =
      new FeatureValues(CountedValues.empty(), new TreeMap<>(), 0);

  /** Differences of such numbers, as between the edges of bins, are finite still. */
  private static final double LARGEST = 1e300;

  private static final byte VERSION = 1;

  /** Names of bins; a text's begins otherwise. */
  private static final String OTHER = "other";

  private static final String NUMBERS = "numbers";

  /** Before a text that has a bin of its own, which may itself be "other". */
  private static final String TEXT = "=";

  public FeatureValues {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    if (otherTexts < 0 || texts.values().stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("counts of texts must be at least 1");
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

  /** The values of both, as of two days; it may have more different ones than a day keeps. */
  public FeatureValues merge(FeatureValues other) {
    SortedMap<String, Long> merged = new TreeMap<>(texts);
    other.texts.forEach((text, count) -> merged.merge(text, count, Long::sum));
    return new FeatureValues(numbers.merge(other.numbers), merged, otherTexts + other.otherTexts);
  }

  /**
   * Compares with a reference.
   *
   * <p>If neither side has a text, numbers are compared as latencies are, by SEED in 10 buckets.
   * Otherwise each text is a bin of its own, {@value #MAX_TEXTS} at most, by how often they occur
   * on both sides together, and "other" one more; numbers stay in the buckets that they have among
   * themselves if both sides have some, and are one bin if only one side has. So a feature that
   * turns from numbers to texts, or back, has drifted as far as can be.
   *
   * @param reference at least one value, as this
   */
  PsiResult<?> comparedWith(FeatureValues reference) {
    PopulationStabilityIndex psi = PopulationStabilityIndex.standard();
    if (totalOfTexts() == 0 && reference.totalOfTexts() == 0) {
      return psi.compare(reference.numbers, numbers);
    }
    Map<String, Long> before = new HashMap<>();
    Map<String, Long> now = new HashMap<>();
    if (numbers.isEmpty() || reference.numbers.isEmpty()) {
      before.put(NUMBERS, reference.numbers.total());
      now.put(NUMBERS, numbers.total());
    } else {
      for (IntervalBin bin : psi.compare(reference.numbers, numbers).bins()) {
        before.put(NUMBERS + " from " + bin.lower(), bin.referenceCount());
        now.put(NUMBERS + " from " + bin.lower(), bin.currentCount());
      }
    }
    Set<String> named = mostFrequent(merge(reference).texts).keySet();
    reference.addTexts(before, named);
    addTexts(now, named);
    return psi.compareCategories(before, now);
  }

  /**
   * The text that a bin of a comparison counts; null if it counts what is put together, whose name
   * then is the bin's: "other" texts, or numbers.
   */
  public static @Nullable String textOf(CategoryBin bin) {
    return bin.category().startsWith(TEXT) ? bin.category().substring(TEXT.length()) : null;
  }

  private void addTexts(Map<String, Long> bins, Collection<String> named) {
    bins.put(OTHER, otherTexts);
    texts.forEach(
        (text, count) -> bins.merge(named.contains(text) ? TEXT + text : OTHER, count, Long::sum));
  }

  private long totalOfTexts() {
    return otherTexts + total(texts);
  }

  private static long total(Map<String, Long> texts) {
    return texts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Long> mostFrequent(SortedMap<String, Long> texts) {
    // Sorting is stable: of texts that are as frequent, the first in ascending order are kept.
    return texts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MAX_TEXTS)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * The serialised form, version 1: the same bytes for equal values. A version byte; the length of
   * {@link CountedValues#toBytes} and these bytes; the count of other texts; the number of texts,
   * and each in ascending order in modified UTF-8 with its count. Whole numbers are big-endian.
   */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      byte[] counted = numbers.toBytes();
      out.writeByte(VERSION);
      out.writeInt(counted.length);
      out.write(counted);
      out.writeLong(otherTexts);
      out.writeInt(texts.size());
      for (Map.Entry<String, Long> text : texts.entrySet()) {
        out.writeUTF(text.getKey());
        out.writeLong(text.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are something else
   */
  public static FeatureValues fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("version must be " + VERSION + ", but is " + version);
      }
      int length = in.readInt();
      if (length < 0 || length > in.available()) {
        throw new IllegalArgumentException("numbers cannot take " + length + " bytes");
      }
      CountedValues numbers = CountedValues.fromBytes(in.readNBytes(length));
      long otherTexts = in.readLong();
      SortedMap<String, Long> texts = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        texts.put(in.readUTF(), in.readLong());
      }
      if (in.available() > 0) {
        throw new IllegalArgumentException(in.available() + " bytes too many");
      }
      return new FeatureValues(numbers, texts, otherTexts);
    } catch (IOException e) {
      throw new IllegalArgumentException("the bytes end too early, or hold no text", e);
    }
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
      boolean fits = text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH;
      texts.merge(
          fits ? text : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT_LENGTH)),
          count,
          Long::sum);
      // A text that has to go is after all that stay, now and later, so none of these lost a count.
      if (texts.size() > MAX_COUNTED_TEXTS) {
        otherTexts += texts.pollLastEntry().getValue();
      }
    }

    private void addNumber(BigDecimal number, long count) {
      double rounded = rounded(number, DIGITS);
      for (int fewer = DIGITS - 1; fewer >= digits; fewer--) {
        rounded = rounded(new BigDecimal(rounded), fewer);
      }
      numbers.add(rounded, count);
      if (++addedNumbers % MAX_NUMBERS == 0) {
        bound();
      }
    }

    /** Rounds all numbers to fewer digits while there are too many different ones. */
    private CountedValues bound() {
      CountedValues all = numbers.build();
      while (all.distinct() > MAX_NUMBERS && digits > 1) {
        digits--;
        CountedValues.Builder coarser = CountedValues.builder();
        for (int i = 0; i < all.distinct(); i++) {
          coarser.add(rounded(new BigDecimal(all.value(i)), digits), all.count(i));
        }
        numbers = coarser;
        all = coarser.build();
      }
      return all;
    }

    private static double rounded(BigDecimal number, int digits) {
      double value = number.round(new MathContext(digits, RoundingMode.HALF_UP)).doubleValue();
      return Math.max(-LARGEST, Math.min(LARGEST, value));
    }

    /** The values counted so far. */
    public FeatureValues build() {
      Map<String, Long> kept = mostFrequent(texts);
      return new FeatureValues(
          bound(), new TreeMap<>(kept), otherTexts + total(texts) - total(kept));
    }
  }
}
