package ai.pediscreen.telemetry.usage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

  private static final int DAY = 86_400_000;
  private static final int[] LIMITS = {50, 100, 250, 500, 1_000, 2_000, 5_000};

  static Stream<Arguments> distributions() {
    Random random = new Random(20260310);
    return Stream.of(
        distribution("uniform to 10 s", 20_000, () -> random.nextInt(10_000)),
        distribution("full range", 20_000, () -> random.nextInt(DAY + 1)),
        distribution("lognormal", 20_000, () -> (long) Math.exp(6 + random.nextGaussian())),
        distribution(
            "exponential", 20_000, () -> (long) (-800 * Math.log(1 - random.nextDouble()))),
        distribution(
            "bimodal",
            20_000,
            () ->
                (long)
                    Math.abs(
                        (random.nextInt(3) == 0 ? 30_000 : 120)
                            * (1 + 0.1 * random.nextGaussian()))),
        distribution(
            "heavy tail", 20_000, () -> (long) (20 / Math.pow(1 - random.nextDouble(), 1.1))),
        distribution("constant", 1_000, () -> 777),
        distribution("zeros", 1_000, () -> 0),
        distribution("all the longest", 1_000, () -> DAY),
        distribution("one value", 1, () -> 12_345),
        distribution("two values", 2, () -> random.nextInt(DAY)),
        Arguments.of("0 to 10 000, each once", LongStream.rangeClosed(0, 10_000).toArray()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("distributions")
  void quantile_isWithinOnePercentOfTheExactRank_whateverTheDistribution(
      String name, long[] latencies) {
    LatencyHistogram histogram = histogram(latencies);
    long[] sorted = latencies.clone();
    Arrays.sort(sorted);
    assertThat(histogram.count()).isEqualTo(latencies.length);
    for (int perMille = 0; perMille <= 1_000; perMille++) {
      long rank = Math.max(1, ((long) perMille * sorted.length + 999) / 1_000);
      long exact = sorted[(int) rank - 1];
      assertWithinOnePercent(histogram.quantile(perMille / 1_000.0), exact);
    }
    assertThat(histogram.quantile(0)).isLessThanOrEqualTo(histogram.quantile(1));
  }

  @Test
  void quantile_isWithinOnePercent_whenEachValueTo200000StandsAlone() {
    for (int latency = 0; latency <= 200_000; latency++) {
      LatencyHistogram histogram = histogram(latency);
      assertWithinOnePercent(histogram.quantile(0.5), latency);
    }
  }

  @Test
  void quantile_isWithinOnePercent_whenAValueOfTheFullRangeStandsAlone() {
    for (long latency = 200_000; latency <= DAY; latency += 1_009) {
      assertWithinOnePercent(histogram(latency).quantile(0.5), latency);
    }
    assertWithinOnePercent(histogram(DAY).quantile(0.5), DAY);
  }

  @Test
  void quantile_isExact_whenLatenciesAreAtMost98() {
    for (int latency = 0; latency <= 98; latency++) {
      assertThat(histogram(latency).quantile(1)).isEqualTo(latency);
    }
    assertThat(histogram(99)).isEqualTo(histogram(100));
  }

  @Test
  void quantile_isMonotonic_whenBothArgumentAndLatenciesGrow() {
    LatencyHistogram histogram = histogram(LongStream.range(0, 5_000).map(i -> i * i).toArray());
    long previous = 0;
    for (int i = 0; i <= 1_000; i++) {
      long value = histogram.quantile(i / 1_000.0);
      assertThat(value).isGreaterThanOrEqualTo(previous);
      previous = value;
    }
  }

  @ParameterizedTest
  @CsvSource({"0.07, 7", "0.55, 55", "0.56, 56", "0.57, 57", "0.29, 29", "0.95, 95", "0.001, 1"})
  void quantile_usesTheDecimal_notItsNearestDouble(double quantile, long expected) {
    LatencyHistogram histogram = new LatencyHistogram();
    LongStream.rangeClosed(1, 98).forEach(histogram::record);
    histogram.record(98);
    histogram.record(98);
    assertThat(histogram.quantile(quantile)).isEqualTo(expected);
  }

  @Test
  void quantile_findsTheExactRank_whenCountsExceedWhatADoubleHolds() {
    long many = 1L << 60;
    LatencyHistogram histogram = LatencyHistogram.fromBytes(bytesOf(10, many + 1, 20, many - 1));
    assertThat(histogram.count()).isEqualTo(1L << 61);
    assertThat(histogram.quantile(0.5)).isEqualTo(10);
    histogram = LatencyHistogram.fromBytes(bytesOf(10, many - 1, 20, many + 1));
    assertThat(histogram.quantile(0.5)).isEqualTo(20);
  }

  @Test
  void bins_areAsDocumented() {
    Set<LatencyHistogram> bins = new HashSet<>();
    Set<Long> represented = new HashSet<>();
    byte[] previous = histogram(0).toBytes();
    bins.add(histogram(0));
    for (int latency = 1; latency <= DAY; latency += step(latency)) {
      LatencyHistogram one = histogram(latency);
      byte[] bytes = one.toBytes();
      if (!Arrays.equals(bytes, previous)) {
        bins.add(one);
        represented.add(one.quantile(1));
        previous = bytes;
      }
    }
    assertThat(bins).hasSize(782);
    assertThat(represented).hasSize(781);
  }

  @Test
  void countUpTo_isExact_whereverALatencyLies() {
    Random random = new Random(7);
    long[] latencies =
        LongStream.concat(
                LongStream.range(0, 6_000),
                LongStream.generate(() -> random.nextInt(DAY)).limit(100))
            .toArray();
    LatencyHistogram histogram = histogram(latencies);
    for (int limit : LIMITS) {
      assertThat(histogram.countUpTo(limit))
          .isEqualTo(Arrays.stream(latencies).filter(latency -> latency <= limit).count());
      assertThat(histogram(limit).countUpTo(limit)).isEqualTo(1);
      assertThat(histogram(limit + 1).countUpTo(limit)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 49, 51, 99, 10_000, Integer.MAX_VALUE})
  void countUpTo_refuses_whenTheLimitIsNoBinEdge(int limit) {
    assertThatThrownBy(() -> histogram(1).countUpTo(limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but is " + limit);
  }

  @Test
  void edges_giveTheBinOfALatency() {
    List<Long> edges = LatencyHistogram.edges();
    assertThat(edges).hasSize(781).isSorted().doesNotHaveDuplicates();
    assertThat(edges.get(0)).isEqualTo(1);
    int bin = 0;
    LatencyHistogram ofBin = histogram(0);
    for (int latency = 1; latency <= DAY; latency += step(latency)) {
      LatencyHistogram one = histogram(latency);
      boolean next = bin < edges.size() && edges.get(bin) <= latency;
      if (one.equals(ofBin) == next) {
        throw new AssertionError(latency + " is in another bin than the edges say");
      }
      bin += next ? 1 : 0;
      ofBin = one;
    }
    assertThat(bin).isEqualTo(781);
  }

  @Test
  void record_countsEachTime_whenTimesAreGiven() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(7, 3);
    histogram.record(9, 1);

    assertThat(histogram).isEqualTo(histogram(7, 7, 7, 9));
    assertThatThrownBy(() -> histogram.record(7, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times must be at least 1 but is 0");
  }

  @Test
  void merge_givesTheSameBytes_whateverTheOrderAndTheParts() {
    Random random = new Random(11);
    List<Long> latencies = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      latencies.add((long) Math.min(DAY, Math.exp(7 + 2 * random.nextGaussian())));
    }
    LatencyHistogram whole = new LatencyHistogram();
    latencies.forEach(whole::record);
    for (int run = 0; run < 20; run++) {
      Collections.shuffle(latencies, random);
      List<LatencyHistogram> parts = new ArrayList<>();
      for (int from = 0; from < latencies.size(); ) {
        int to = Math.min(latencies.size(), from + random.nextInt(300));
        LatencyHistogram part = new LatencyHistogram();
        latencies.subList(from, to).forEach(part::record);
        parts.add(part);
        from = to;
      }
      while (parts.size() > 1) {
        LatencyHistogram taken = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(taken);
      }
      assertThat(parts.get(0).toBytes()).isEqualTo(whole.toBytes());
      assertThat(parts.get(0)).isEqualTo(whole).hasSameHashCodeAs(whole);
    }
  }

  @Test
  void merge_leavesTheOtherUnchanged_andCanDoubleItself() {
    LatencyHistogram one = histogram(5, 500, 50_000);
    LatencyHistogram other = histogram(7);

    one.merge(other);
    one.merge(one);

    assertThat(other).isEqualTo(histogram(7));
    assertThat(one).isEqualTo(histogram(5, 5, 7, 7, 500, 500, 50_000, 50_000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("distributions")
  void fromBytes_givesAnEqualHistogram_whenFedWithToBytes(String name, long[] latencies) {
    LatencyHistogram histogram = histogram(latencies);
    LatencyHistogram read = LatencyHistogram.fromBytes(histogram.toBytes());

    assertThat(read).isEqualTo(histogram);
    assertThat(read.count()).isEqualTo(histogram.count());
    assertThat(read.toBytes()).isEqualTo(histogram.toBytes());
    assertThat(read.toString()).isEqualTo(histogram.toString());
  }

  @Test
  void toBytes_areFixed_sinceTheyAreStored() {
    assertThat(new LatencyHistogram().toBytes()).containsExactly(1);
    assertThat(histogram(0, 0, 3).toBytes()).containsExactly(1, 0, 2, 2, 1);
    assertThat(histogram(DAY).toBytes()).containsExactly(1, 781 % 128 - 128, 781 / 128, 1);
  }

  @Test
  void damagedBytes_areRefused_orReadBackTheSame() {
    byte[] sound = histogram(0, 77, 77, 3_000, DAY).toBytes();
    for (int at = 0; at < sound.length; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] damaged = sound.clone();
        damaged[at] = (byte) value;
        assertRefusedOrSame(damaged);
      }
      assertRefusedOrSame(Arrays.copyOf(sound, at));
    }
  }

  static Stream<byte[]> damaged() {
    return Stream.of(
        new byte[0],
        new byte[] {0},
        new byte[] {2, 0, 1},
        new byte[] {1, 0},
        new byte[] {1, 0, 0},
        new byte[] {1, (byte) 0x80},
        new byte[] {1, (byte) 0x80, 0, 1},
        new byte[] {1, 0, (byte) 0x81, 0},
        new byte[] {1, (byte) (782 % 128 - 128), 782 / 128, 1},
        new byte[] {1, -1, -1, -1, -1, -1, -1, -1, -1, 127, 1},
        new byte[] {1, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
        bytesOf(10, Long.MAX_VALUE, 20, 1),
        bytesOf(10, Long.MAX_VALUE, 20, Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void fromBytes_refuses_otherBytes(byte[] bytes) {
    assertThatThrownBy(() -> LatencyHistogram.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("latency histogram");
  }

  @Test
  void histogram_answersZero_whenEmpty() {
    LatencyHistogram empty = new LatencyHistogram();

    assertThat(empty.count()).isZero();
    assertThat(empty.quantile(0)).isZero();
    assertThat(empty.quantile(1)).isZero();
    assertThat(empty.countUpTo(50)).isZero();
    assertThat(LatencyHistogram.fromBytes(empty.toBytes())).isEqualTo(empty);
    assertThat(empty).isNotEqualTo(histogram(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, DAY + 1L, Long.MIN_VALUE, Long.MAX_VALUE})
  void record_refuses_whenALatencyIsOutOfRange(long latency) {
    LatencyHistogram histogram = new LatencyHistogram();
    assertThatThrownBy(() -> histogram.record(latency))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("latencyMillis must be between 0 and 86400000 but is " + latency);
    assertThat(histogram.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY})
  void quantile_refuses_whenOutOfRange(double quantile) {
    assertThatThrownBy(() -> histogram(1).quantile(quantile))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quantile must be between 0 and 1 but is " + quantile);
  }

  private static void assertWithinOnePercent(long actual, long exact) {
    if (Math.abs(actual - exact) * 100 > exact) {
      throw new AssertionError(actual + " is over 1 % from " + exact);
    }
  }

  private static void assertRefusedOrSame(byte[] bytes) {
    LatencyHistogram read;
    try {
      read = LatencyHistogram.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(read.toBytes()).isEqualTo(bytes);
  }

  /** Walks every value where bins are narrow and never past a bin where they are wide. */
  private static int step(int latency) {
    return latency < 20_000 ? 1 : latency / 400;
  }

  /** Two bins of one millisecond each, with so many latencies. */
  private static byte[] bytesOf(int first, long firstCount, int second, long secondCount) {
    byte[] bytes = new byte[32];
    bytes[0] = 1;
    int size = putVarint(bytes, 1, first);
    size = putVarint(bytes, size, firstCount);
    size = putVarint(bytes, size, second - first - 1L);
    return Arrays.copyOf(bytes, putVarint(bytes, size, secondCount));
  }

  private static int putVarint(byte[] bytes, int at, long value) {
    int size = at;
    long rest = value;
    for (; rest >= 128; rest /= 128) {
      bytes[size++] = (byte) (rest % 128 + 128);
    }
    bytes[size++] = (byte) rest;
    return size;
  }

  private static LatencyHistogram histogram(long... latencies) {
    LatencyHistogram histogram = new LatencyHistogram();
    Arrays.stream(latencies).forEach(histogram::record);
    return histogram;
  }

  private static Arguments distribution(String name, int count, LongSupplier latency) {
    return Arguments.of(
        name, LongStream.generate(() -> Math.min(DAY, latency.getAsLong())).limit(count).toArray());
  }
}
