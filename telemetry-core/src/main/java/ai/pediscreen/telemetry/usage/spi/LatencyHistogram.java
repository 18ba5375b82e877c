package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.Response;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts of latencies in fixed bins, mergeable, with quantiles within 1 % of the exact rank value.
 *
 * <p>Latencies are whole milliseconds from 0 to 86 400 000 (a day). Since the bins are the same for
 * every histogram, merging adds counts: any order of recording and merging gives the same counts
 * and the same {@link #toBytes bytes}. The bins never straddle 50, 100, 250, 500, 1000, 2000 or
 * 5000 ms, so {@link #countUpTo} is exact there.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 *
 * @implNote A bin that begins at {@code s} is represented by {@code r = s + ⌊s/100⌋} and ends at
 *     {@code ⌊100·r/99⌋}, or earlier at one of the fixed limits. All of it is integer arithmetic:
 *     {@code (r − s)/s ≤ 1 %} and {@code (end − r)/end ≤ 1 %} hold exactly, and a quantile is
 *     itself a whole number of milliseconds. Bins of one value each reach to 98 ms; 782 bins cover
 *     a day. This is the logarithmic binning of DDSketch (Masson, Rim and Lee, VLDB 2019, section
 *     2.1), with its edges rounded to integers. Recording costs one binary search.
 */
public final class LatencyHistogram {

  /** The largest latency, in milliseconds: one day. */
  public static final long MAX_LATENCY_MILLIS = Response.MAX_LATENCY_MILLIS;

  private static final int[] LIMITS = {
    0, 50, 100, 250, 500, 1_000, 2_000, 5_000, (int) MAX_LATENCY_MILLIS
  };

  /** Last value of each bin, ascending; a bin begins after its predecessor's end. */
  private static final int[] ENDS = ends();

  private static final List<Long> EDGES =
      IntStream.range(1, ENDS.length).mapToObj(bin -> (long) first(bin)).toList();

  private static final byte FORMAT = 1;

  private long[] counts = new long[0];
  private long count;

  /** One that counts nothing yet. */
  public LatencyHistogram() {}

  /**
   * Counts one latency.
   *
   * @param latencyMillis 0 to {@link #MAX_LATENCY_MILLIS}
   */
  public void record(long latencyMillis) {
    record(latencyMillis, 1);
  }

  /**
   * Counts a latency several times, or as many latencies that lie in one {@linkplain #edges bin}
   * with it.
   *
   * @param latencyMillis 0 to {@link #MAX_LATENCY_MILLIS}
   * @param times at least 1
   * @throws ArithmeticException if there would be more than {@link Long#MAX_VALUE}; the histogram
   *     then stays as it was
   */
  public void record(long latencyMillis, long times) {
    if (latencyMillis < 0 || latencyMillis > MAX_LATENCY_MILLIS) {
      throw new IllegalArgumentException(
          "latencyMillis must be between 0 and " + MAX_LATENCY_MILLIS + " but is " + latencyMillis);
    }
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1 but is " + times);
    }
    add(bin((int) latencyMillis), times);
  }

  /**
   * Adds all counts of another histogram, which stays as it is.
   *
   * @throws ArithmeticException if there would be more than {@link Long#MAX_VALUE}; this histogram
   *     then stays as it was
   */
  public void merge(LatencyHistogram other) {
    Math.addExact(count, other.count);
    for (int bin = other.counts.length - 1; bin >= 0; bin--) {
      if (other.counts[bin] > 0) {
        add(bin, other.counts[bin]);
      }
    }
  }

  /**
   * Takes away what was recorded or merged before: the counts of another histogram, which stays as
   * it is. No bin falls below 0.
   */
  void subtract(LatencyHistogram part) {
    for (int bin = 0; bin < Math.min(counts.length, part.counts.length); bin++) {
      long taken = Math.min(counts[bin], part.counts[bin]);
      counts[bin] -= taken;
      count -= taken;
    }
  }

  /**
   * Where bins begin, the first one's 0 left out: 781 latencies, ascending. To count elsewhere: a
   * latency's bin is the number of these that are at most that latency.
   */
  public static List<Long> edges() {
    return EDGES;
  }

  /** How many latencies were counted. */
  public long count() {
    return count;
  }

  /**
   * The latency at a rank, in milliseconds: of {@code n} counted latencies in ascending order the
   * one numbered {@code ⌈quantile·n⌉}, counting from 1 (the first for a quantile of 0). The result
   * differs from that latency by at most 1 % of it; 0 if nothing was counted.
   *
   * @param quantile 0 to 1, taken as the decimal that {@link Double#toString} shows: of 100
   *     latencies, 0.55 asks for the 55th, though the double lies a little above 0.55
   */
  public long quantile(double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("quantile must be between 0 and 1 but is " + quantile);
    }
    long rank =
        BigDecimal.valueOf(quantile)
            .multiply(BigDecimal.valueOf(count))
            .setScale(0, RoundingMode.CEILING)
            .max(BigDecimal.ONE)
            .longValueExact();
    long seen = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      seen += counts[bin];
      if (seen >= rank) {
        return Math.min(representative(first(bin)), ENDS[bin]);
      }
    }
    return 0;
  }

  /**
   * How many latencies are at most this long; exact.
   *
   * @param latencyMillis 50, 100, 250, 500, 1000, 2000 or 5000
   */
  public long countUpTo(int latencyMillis) {
    if (Arrays.binarySearch(LIMITS, latencyMillis) < 0) {
      throw new IllegalArgumentException(
          "latencyMillis must be one of " + Arrays.toString(LIMITS) + " but is " + latencyMillis);
    }
    long sum = 0;
    for (int bin = 0; bin < counts.length && ENDS[bin] <= latencyMillis; bin++) {
      sum += counts[bin];
    }
    return sum;
  }

  /**
   * The histogram in a compact form: a version byte, then for each bin that is not empty how many
   * bins lie between it and the last such one, and its count, both as LEB128. Equal histograms have
   * equal bytes.
   */
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(1 + counts.length * 12);
    out.put(FORMAT);
    int previous = -1;
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        putVarint(out, bin - previous - 1);
        putVarint(out, counts[bin]);
        previous = bin;
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are anything else
   */
  public static LatencyHistogram fromBytes(byte[] bytes) {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.merge(ByteBuffer.wrap(bytes));
    return histogram;
  }

  /** Adds what {@link #toBytes} wrote, up to the buffer's limit. */
  void merge(ByteBuffer in) {
    if (!in.hasRemaining() || in.get() != FORMAT) {
      throw new IllegalArgumentException("bytes are no latency histogram of format " + FORMAT);
    }
    long bin = -1;
    while (in.hasRemaining()) {
      bin += 1 + takeVarint(in);
      long added = takeVarint(in);
      if (bin < 0 || bin >= ENDS.length || added < 1 || added > Long.MAX_VALUE - count) {
        throw damaged();
      }
      add((int) bin, added);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyHistogram that
        && count == that.count
        && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "LatencyHistogram{count="
        + count
        + ", p50="
        + quantile(0.5)
        + ", p95="
        + quantile(0.95)
        + ", p99="
        + quantile(0.99)
        + "}";
  }

  private void add(int bin, long added) {
    if (bin >= counts.length) {
      counts = Arrays.copyOf(counts, Math.min(ENDS.length, Math.max(bin + 1, 2 * counts.length)));
    }
    // No bin has more than all together, so only this sum can overflow; then nothing has changed.
    count = Math.addExact(count, added);
    counts[bin] += added;
  }

  private static int bin(int value) {
    int found = Arrays.binarySearch(ENDS, value);
    return found >= 0 ? found : -found - 1;
  }

  private static int first(int bin) {
    return bin == 0 ? 0 : ENDS[bin - 1] + 1;
  }

  private static int representative(int first) {
    return first + first / 100;
  }

  private static int[] ends() {
    int[] ends = new int[1_000];
    int size = 0;
    int limit = 0;
    for (long first = 0; first <= MAX_LATENCY_MILLIS; first = ends[size - 1] + 1L) {
      while (LIMITS[limit] < first) {
        limit++;
      }
      long end = representative((int) first) * 100L / 99;
      ends[size++] = (int) Math.min(end, LIMITS[limit]);
    }
    return Arrays.copyOf(ends, size);
  }

  private static void putVarint(ByteBuffer out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long takeVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (!in.hasRemaining()) {
        break;
      }
      byte b = in.get();
      value |= (b & 0x7fL) << shift;
      if (b == 0 && shift > 0) {
        // A longer form of a shorter number: nothing that toBytes writes.
        break;
      }
      if (b >= 0) {
        return value;
      }
    }
    throw damaged();
  }

  private static IllegalArgumentException damaged() {
    return new IllegalArgumentException("bytes are a damaged latency histogram");
  }
}
