package ai.pediscreen.telemetry.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A sample as its sorted distinct values and how often each occurs: the exact distribution, without
 * the order in which the values came.
 *
 * <p>A day of latencies in whole milliseconds has a few thousand distinct values however many calls
 * there were, so this form is what a day keeps, and {@linkplain #merge merging} seven days gives
 * the reference of a week. Every figure of this package computed from counted values has the same
 * bits as the one computed from the raw array.
 *
 * <p>One type holds whole numbers and fractions. Whole numbers are exact between −2<sup>53</sup>
 * and 2<sup>53</sup>, where {@code double} represents each of them; a {@code long} outside that
 * range is refused rather than rounded. {@code -0.0} is kept as {@code 0.0}; NaN and infinities are
 * refused. A sample may be empty: it is the neutral element of merging.
 *
 * <p>Two samples are equal when they hold the same values the same number of times, and then their
 * {@linkplain #toBytes() bytes} are equal too. Instances are immutable and safe to share between
 * threads.
 */
public final class CountedValues {

  /** The largest total count, 2<sup>53</sup>: up to there shares lose nothing to rounding. */
  static final long MAX_TOTAL = 1L << 53;

  private static final CountedValues EMPTY = new CountedValues(new double[0], new long[0]);

  private final double[] values;

  /** How many values are at or below the one at the same place: strictly ascending. */
  private final long[] cumulative;

  private CountedValues(double[] values, long[] cumulative) {
    this.values = values;
    this.cumulative = cumulative;
  }

  /**
   * Takes ownership of two arrays that are already in order, and turns the counts into sums.
   *
   * @param values finite, strictly ascending, without −0.0
   * @param counts as many, each at least 1
   * @throws IllegalArgumentException if the counts add up to more than 2<sup>53</sup>
   */
  static CountedValues ofSorted(double[] values, long[] counts) {
    if (values.length == 0) {
      return EMPTY;
    }
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > MAX_TOTAL - total) {
        throw new IllegalArgumentException("counts must add up to at most 2^53");
      }
      total += counts[i];
      counts[i] = total;
    }
    return new CountedValues(values, counts);
  }

  /** Returns the sample without values. */
  public static CountedValues empty() {
    return EMPTY;
  }

  /**
   * Counts fractions, in any order.
   *
   * @param values read, not kept; may be empty
   * @throws IllegalArgumentException if a value is NaN or infinite; the message names the first
   *     index and how many there are
   * @implNote O(n) for whole numbers in a narrow range (a counting table), otherwise a radix sort:
   *     faster than {@link Arrays#sort(double[])} from about 4 000 values up
   */
  public static CountedValues of(double[] values) {
    return RawSample.refusingNotFinite("values", values).counted();
  }

  /**
   * Counts whole numbers, in any order.
   *
   * @param values read, not kept; each between −2<sup>53</sup> and 2<sup>53</sup>; may be empty
   * @throws IllegalArgumentException if a value is outside that range; the message names its index
   * @implNote O(n) with a counting table where the range is narrow, otherwise a radix sort
   */
  public static CountedValues of(long[] values) {
    return RawSample.of("values", values).counted();
  }

  /**
   * Counts whole numbers, in any order.
   *
   * @param values read, not kept; may be empty
   */
  public static CountedValues of(int[] values) {
    return RawSample.of("values", values).counted();
  }

  /** Returns a builder for pairs of value and count, such as the rows of a GROUP BY. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads what {@link #toBytes()} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not exactly what {@code toBytes} writes for
   *     some sample; the message names the offset and the fault
   */
  public static CountedValues fromBytes(byte[] bytes) {
    return CountedValuesFormat.read(bytes);
  }

  /**
   * Returns the compact serialised form, version 1: the same bytes for equal samples, whatever
   * order they were counted or merged in.
   *
   * <p>Layout: the version byte {@code 1}; a kind byte, {@code 0} where every value is a whole
   * number within ±2<sup>53</sup>, else {@code 1}; the number of distinct values; then for each
   * value in ascending order its distance to the one before, less one (the first one as it is,
   * zigzag), and its count, less one. Numbers are unsigned LEB128. Values of kind 1 stand as the
   * IEEE 754 bits in total order. A day of latencies takes two to three bytes a distinct value.
   */
  public byte[] toBytes() {
    return CountedValuesFormat.write(this);
  }

  /**
   * Returns the union of both samples. Associative and commutative, down to the bytes.
   *
   * @throws IllegalArgumentException if there would be more than 2<sup>53</sup> values
   */
  public CountedValues merge(CountedValues other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    int capacity = Math.addExact(values.length, other.values.length);
    double[] mergedValues = new double[capacity];
    long[] mergedCounts = new long[capacity];
    int mine = 0;
    int theirs = 0;
    int size = 0;
    while (mine < values.length || theirs < other.values.length) {
      boolean takeMine =
          theirs == other.values.length
              || (mine < values.length && values[mine] <= other.values[theirs]);
      boolean takeTheirs =
          mine == values.length
              || (theirs < other.values.length && other.values[theirs] <= values[mine]);
      mergedValues[size] = takeMine ? values[mine] : other.values[theirs];
      long count = 0;
      if (takeMine) {
        count += count(mine++);
      }
      if (takeTheirs) {
        count += other.count(theirs++);
      }
      mergedCounts[size++] = count;
    }
    return ofSorted(Arrays.copyOf(mergedValues, size), Arrays.copyOf(mergedCounts, size));
  }

  /**
   * Returns the union of all samples, in any order; {@linkplain #empty() empty} for none.
   *
   * @throws IllegalArgumentException if there would be more than 2<sup>53</sup> values
   */
  public static CountedValues mergeAll(Collection<CountedValues> samples) {
    List<CountedValues> round = new ArrayList<>(samples);
    while (round.size() > 1) {
      List<CountedValues> next = new ArrayList<>((round.size() + 1) / 2);
      for (int i = 0; i < round.size(); i += 2) {
        next.add(i + 1 < round.size() ? round.get(i).merge(round.get(i + 1)) : round.get(i));
      }
      round = next;
    }
    return round.isEmpty() ? EMPTY : round.get(0);
  }

  /** Returns how many values there are, repeated ones counted each time: 0 to 2<sup>53</sup>. */
  public long total() {
    return countUpTo(values.length);
  }

  /** Returns how many different values there are. */
  public int distinct() {
    return values.length;
  }

  /** Returns whether there is no value. */
  public boolean isEmpty() {
    return values.length == 0;
  }

  /**
   * Returns a distinct value by its place in ascending order.
   *
   * @param index 0 to {@link #distinct()} − 1
   * @throws IndexOutOfBoundsException for any other index
   */
  public double value(int index) {
    return values[index];
  }

  /**
   * Returns how often the value at that place occurs, at least 1.
   *
   * @param index 0 to {@link #distinct()} − 1
   * @throws IndexOutOfBoundsException for any other index
   */
  public long count(int index) {
    return cumulative[index] - countUpTo(index);
  }

  /**
   * Returns how many values the first so many distinct ones stand for.
   *
   * @param place 0 to {@link #distinct()}
   */
  long countUpTo(int place) {
    return place == 0 ? 0 : cumulative[place - 1];
  }

  /** Returns how many values are less than the bound. */
  long countBelow(double bound) {
    int found = Arrays.binarySearch(values, WholeNumbers.withoutNegativeZero(bound));
    return countUpTo(found >= 0 ? found : -found - 1);
  }

  /**
   * Returns how many distinct values are at most the bound.
   *
   * @param bound without −0.0
   * @param low a place known not to be past the answer
   * @param high a place known not to be before it
   */
  int placeAfter(double bound, int low, int high) {
    int found = Arrays.binarySearch(values, low, high, bound);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The smallest value; the sample must not be empty. */
  double min() {
    return values[0];
  }

  /** The largest value; the sample must not be empty. */
  double max() {
    return values[values.length - 1];
  }

  /**
   * Returns the median: of n values in ascending order the one numbered ⌈n/2⌉.
   *
   * @throws IllegalArgumentException if there is no value
   */
  public double median() {
    SampleChecks.requireNotEmpty("sample", this);
    long rank = (total() + 1) / 2;
    int place = Arrays.binarySearch(cumulative, rank);
    return values[place >= 0 ? place : -place - 1];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountedValues that
        && Arrays.equals(values, that.values)
        && Arrays.equals(cumulative, that.cumulative);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(cumulative);
  }

  @Override
  public String toString() {
    return isEmpty()
        ? "CountedValues[empty]"
        : "CountedValues[total="
            + total()
            + ", distinct="
            + values.length
            + ", min="
            + min()
            + ", max="
            + max()
            + "]";
  }

  /**
   * Collects pairs of value and count, in any order; a value that comes twice adds up. Cheapest
   * when values come in ascending order. Not safe for use by several threads.
   */
  public static final class Builder {

    private final List<CountedValues> finishedRuns = new ArrayList<>();
    private double[] values = new double[16];
    private long[] counts = new long[16];
    private int size;

    private Builder() {}

    /**
     * Adds a whole number.
     *
     * @param value between −2<sup>53</sup> and 2<sup>53</sup>
     * @param count how often it occurs, at least 1
     * @throws IllegalArgumentException if either is outside its range
     */
    public Builder add(long value, long count) {
      if (value < -WholeNumbers.LARGEST || value > WholeNumbers.LARGEST) {
        throw new IllegalArgumentException("value must be within ±2^53, but is " + value);
      }
      return add((double) value, count);
    }

    /**
     * Adds a value.
     *
     * @param value finite
     * @param count how often it occurs, at least 1
     * @throws IllegalArgumentException if either is outside its range
     */
    public Builder add(double value, long count) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("value must be finite, but is " + value);
      }
      if (count < 1 || count > MAX_TOTAL) {
        throw new IllegalArgumentException("count must be between 1 and 2^53, but is " + count);
      }
      double normalised = WholeNumbers.withoutNegativeZero(value);
      if (size > 0 && normalised == values[size - 1]) {
        counts[size - 1] = Math.addExact(counts[size - 1], count);
        return this;
      }
      if (size > 0 && normalised < values[size - 1]) {
        finishRun();
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      values[size] = normalised;
      counts[size++] = count;
      return this;
    }

    /**
     * Returns what was added so far. The builder may be used further.
     *
     * @throws IllegalArgumentException if the counts add up to more than 2<sup>53</sup>
     */
    public CountedValues build() {
      finishRun();
      CountedValues all = mergeAll(finishedRuns);
      finishedRuns.clear();
      finishedRuns.add(all);
      return all;
    }

    private void finishRun() {
      finishedRuns.add(ofSorted(Arrays.copyOf(values, size), Arrays.copyOf(counts, size)));
      size = 0;
    }
  }
}
