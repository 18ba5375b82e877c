package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * Sorts {@code long} keys ascending.
 *
 * <p>Small arrays go to {@link Arrays#sort(long[])}; large ones to a least-significant-digit radix
 * sort with 11-bit digits of the distance to the smallest key, which reads each key once for every
 * 11 bits of the range: O(n), with a second array of the same size. Digits in which all keys agree
 * are skipped. Source: Knuth, The Art of Computer Programming 3, section 5.2.5.
 */
final class KeySort {

  /** Below this size the digit tables cost more than comparing does. */
  static final int RADIX_FROM = 4096;

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int DIGIT_MASK = DIGITS - 1;

  private KeySort() {}

  static void ascending(long[] keys) {
    if (keys.length < RADIX_FROM) {
      Arrays.sort(keys);
    } else {
      radix(keys);
    }
  }

  private static void radix(long[] keys) {
    long min = keys[0];
    long max = keys[0];
    for (long key : keys) {
      min = Math.min(min, key);
      max = Math.max(max, key);
    }
    // Unsigned: the distance of two longs may take all 64 bits.
    long range = max - min;
    int passes = (Long.SIZE - Long.numberOfLeadingZeros(range) + DIGIT_BITS - 1) / DIGIT_BITS;
    int[][] starts = digitCounts(keys, min, passes);
    long[] from = keys;
    long[] to = new long[keys.length];
    for (int pass = 0; pass < passes; pass++) {
      int[] next = starts[pass];
      if (!toStarts(next, keys.length)) {
        continue;
      }
      int shift = pass * DIGIT_BITS;
      for (long key : from) {
        to[next[(int) ((key - min) >>> shift) & DIGIT_MASK]++] = key;
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    if (from != keys) {
      System.arraycopy(from, 0, keys, 0, keys.length);
    }
  }

  private static int[][] digitCounts(long[] keys, long min, int passes) {
    int[][] counts = new int[passes][DIGITS];
    for (int pass = 0; pass < passes; pass++) {
      int[] count = counts[pass];
      int shift = pass * DIGIT_BITS;
      for (long key : keys) {
        count[(int) ((key - min) >>> shift) & DIGIT_MASK]++;
      }
    }
    return counts;
  }

  /** Turns counts into first places; false where one digit has all keys, so nothing would move. */
  private static boolean toStarts(int[] counts, int size) {
    int start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      if (count == size) {
        return false;
      }
      counts[digit] = start;
      start += count;
    }
    return true;
  }
}
