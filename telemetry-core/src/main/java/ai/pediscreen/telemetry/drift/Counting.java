package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * Turns raw values into {@link CountedValues}.
 *
 * <p>Whole numbers in a range not much wider than the sample is large are counted in a table, in
 * one pass; anything else is sorted as 64-bit keys.
 */
final class Counting {

  /** A table this small costs less than any sort. */
  private static final long SMALL_TABLE = 1024;

  private Counting() {}

  /**
   * Counts whole numbers.
   *
   * @param values each between {@code min} and {@code max}
   * @param min the smallest, at least −2<sup>53</sup>
   * @param max the largest, at most 2<sup>53</sup>
   */
  static CountedValues wholeNumbers(long[] values, long min, long max) {
    if (values.length == 0) {
      return CountedValues.empty();
    }
    if (tableFits(values.length, max - min)) {
      int[] table = new int[(int) (max - min) + 1];
      for (long value : values) {
        table[(int) (value - min)]++;
      }
      return ofTable(table, min);
    }
    long[] keys = values.clone();
    KeySort.ascending(keys);
    int distinct = countDistinct(keys);
    double[] distinctValues = new double[distinct];
    long[] counts = runs(keys, distinct);
    int place = 0;
    for (int i = 0; i < distinct; i++) {
      distinctValues[i] = keys[place];
      place += (int) counts[i];
    }
    return CountedValues.ofSorted(distinctValues, counts);
  }

  /**
   * Counts finite values.
   *
   * @param values none NaN or infinite
   */
  static CountedValues doubles(double[] values) {
    if (values.length == 0) {
      return CountedValues.empty();
    }
    double min = values[0];
    double max = values[0];
    boolean whole = true;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      whole &= value == Math.rint(value);
    }
    if (whole
        && WholeNumbers.isWhole(min)
        && WholeNumbers.isWhole(max)
        && tableFits(values.length, (long) max - (long) min)) {
      long offset = (long) min;
      int[] table = new int[(int) ((long) max - offset) + 1];
      for (double value : values) {
        table[(int) ((long) value - offset)]++;
      }
      return ofTable(table, offset);
    }
    long[] keys = new long[values.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = OrderedBits.of(WholeNumbers.withoutNegativeZero(values[i]));
    }
    KeySort.ascending(keys);
    int distinct = countDistinct(keys);
    double[] distinctValues = new double[distinct];
    long[] counts = runs(keys, distinct);
    int place = 0;
    for (int i = 0; i < distinct; i++) {
      distinctValues[i] = OrderedBits.toDouble(keys[place]);
      place += (int) counts[i];
    }
    return CountedValues.ofSorted(distinctValues, counts);
  }

  private static boolean tableFits(int size, long range) {
    return range < Math.max(SMALL_TABLE, Math.min(2L * size, Integer.MAX_VALUE / 2));
  }

  private static CountedValues ofTable(int[] table, long offset) {
    int distinct = 0;
    for (int count : table) {
      distinct += count > 0 ? 1 : 0;
    }
    double[] values = new double[distinct];
    long[] counts = new long[distinct];
    int size = 0;
    for (int i = 0; i < table.length; i++) {
      if (table[i] > 0) {
        values[size] = offset + i;
        counts[size++] = table[i];
      }
    }
    return CountedValues.ofSorted(values, counts);
  }

  private static int countDistinct(long[] sorted) {
    int distinct = 1;
    for (int i = 1; i < sorted.length; i++) {
      distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }

  private static long[] runs(long[] sorted, int distinct) {
    long[] counts = new long[distinct];
    if (distinct == sorted.length) {
      Arrays.fill(counts, 1);
      return counts;
    }
    int run = 0;
    counts[0] = 1;
    for (int i = 1; i < sorted.length; i++) {
      run += sorted[i] != sorted[i - 1] ? 1 : 0;
      counts[run]++;
    }
    return counts;
  }
}
