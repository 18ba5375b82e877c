package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountedValuesTest {

  @Test
  void values_areCountedInOrder() {
    CountedValues counted = CountedValues.of(new int[] {30, 10, 30, -5, 10, 30});

    assertThat(counted.total()).isEqualTo(6);
    assertThat(counted.distinct()).isEqualTo(3);
    assertThat(counted.value(0)).isEqualTo(-5);
    assertThat(counted.value(2)).isEqualTo(30);
    assertThat(counted.count(1)).isEqualTo(2);
    assertThat(counted.count(2)).isEqualTo(3);
    assertThat(counted).hasToString("CountedValues[total=6, distinct=3, min=-5.0, max=30.0]");
  }

  /** Sizes and ranges on both sides of every switch: table, comparison sort, radix sort. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 3",
    "50, 1023",
    "50, 1024",
    "50, 1025",
    "4095, 100000",
    "4096, 100000",
    "5000, 9999",
    "5000, 10000",
    "5000, 10001",
    "5000, 4294967296",
    "20000, 9007199254740992"
  })
  void everyWayOfCounting_agreesWithATreeMap(int size, long range) {
    long seed = 31L * size + range;
    Random random = new Random(seed);
    long[] longs = random.longs(size).map(bits -> Math.floorMod(bits, range) - range / 2).toArray();
    double[] whole = Arrays.stream(longs).asDoubleStream().toArray();
    double[] fractions = Arrays.stream(longs).mapToDouble(value -> value / 8.0).toArray();

    assertThat(CountedValues.of(longs)).as("seed %d", seed).isEqualTo(oracle(whole));
    assertThat(CountedValues.of(whole)).isEqualTo(oracle(whole));
    assertThat(CountedValues.of(fractions)).isEqualTo(oracle(fractions));
  }

  @Test
  void doublesOfAllMagnitudes_agreeWithATreeMap() {
    Random random = new Random(5);
    double[] values =
        random
            .longs(20_000)
            .mapToDouble(Double::longBitsToDouble)
            .filter(Double::isFinite)
            .toArray();

    assertThat(CountedValues.of(values)).isEqualTo(oracle(values));
  }

  @Test
  void intsAtTheEndsOfTheirRange_areCounted() {
    CountedValues counted = CountedValues.of(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE});

    assertThat(counted.value(0)).isEqualTo(Integer.MIN_VALUE);
    assertThat(counted.value(1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void valuesThatAreNotFinite_areRefused_withIndexAndCount() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CountedValues.of(new double[] {0, Double.NaN}))
        .withMessage("values[1] is NaN; of 2 values 1 are not finite (1 NaN, 0 infinite)");
  }

  @Test
  void builder_acceptsAnyOrder_andAddsUp() {
    CountedValues built =
        CountedValues.builder()
            .add(7, 1)
            .add(7, 2)
            .add(3, 1)
            .add(9, 4)
            .add(-0.0, 1)
            .add(3, 5)
            .add(0.0, 1)
            .build();

    assertThat(built)
        .isEqualTo(CountedValues.of(new int[] {0, 0, 3, 3, 3, 3, 3, 3, 7, 7, 7, 9, 9, 9, 9}));
  }

  @Test
  void builder_canContinue_afterBuilding() {
    CountedValues.Builder builder = CountedValues.builder().add(1, 1);
    CountedValues first = builder.build();
    CountedValues second = builder.add(1, 1).add(0, 1).build();

    assertThat(first).isEqualTo(CountedValues.of(new int[] {1}));
    assertThat(second).isEqualTo(CountedValues.of(new int[] {0, 1, 1}));
    assertThat(CountedValues.builder().build()).isSameAs(CountedValues.empty());
  }

  @Test
  void builder_refusesValuesOutOfRange() {
    CountedValues.Builder builder = CountedValues.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add(Double.NaN, 1))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add(1, 0))
        .withMessageContaining("between 1 and 2^53, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add((1L << 53) + 1, 1))
        .withMessageContaining("±2^53");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CountedValues.builder().add(1, 1L << 53).add(2, 1).build())
        .withMessageContaining("at most 2^53");
  }

  @Test
  void sevenDays_mergeToTheSameBytes_inAnyOrder() {
    Random random = new Random(7);
    List<CountedValues> days =
        random
            .ints(7, 100, 2_000)
            .mapToObj(calls -> CountedValues.of(random.ints(calls, 50, 900).toArray()))
            .toList();
    List<CountedValues> backwards = new java.util.ArrayList<>(days);
    java.util.Collections.reverse(backwards);

    byte[] forwards = CountedValues.mergeAll(days).toBytes();

    assertThat(CountedValues.mergeAll(backwards).toBytes()).isEqualTo(forwards);
    assertThat(days.stream().reduce(CountedValues.empty(), CountedValues::merge).toBytes())
        .isEqualTo(forwards);
    assertThat(CountedValues.mergeAll(List.of())).isSameAs(CountedValues.empty());
  }

  /** The layout of version 1, byte by byte, so that stored days stay readable. */
  @ParameterizedTest
  @CsvSource({
    "'', 010000",
    "'0', 0100010000",
    "'-1', 0100010100",
    // zigzag 300 = 600 = 0xd8 0x04; twice: count − 1 = 1; then distance 1 − 1
    "'300,300,301', 010002d804010000",
    "'5,1000000', 0100020a00ba843d00",
    // 0.5 is 0x3fe0…, zigzag 0x7fc0…: nine groups of seven bits
    "'0.5', 01010180808080808080e07f00"
  })
  void layout_isFixed(String values, String hex) {
    double[] sample =
        values.isEmpty()
            ? new double[0]
            : Arrays.stream(values.split(",")).mapToDouble(Double::parseDouble).toArray();

    byte[] bytes = CountedValues.of(sample).toBytes();

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
    assertThat(CountedValues.fromBytes(bytes)).isEqualTo(CountedValues.of(sample));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, -Double.MIN_VALUE, 0.1, -1e300, 1L << 53, 0x1.0p60})
  void extremes_areReadBack(double value) {
    CountedValues sample =
        CountedValues.builder()
            .add(value, 3)
            .add(-Double.MAX_VALUE, 1)
            .add(Double.MAX_VALUE, (1L << 53) - 4)
            .build();

    assertThat(CountedValues.fromBytes(sample.toBytes())).isEqualTo(sample);
  }

  @Test
  void dayOfLatencies_needsAboutTwoBytesPerDistinctValue() {
    Random random = new Random(3);
    int[] latencies =
        random.doubles(100_000).mapToInt(u -> (int) (200 - 900 * Math.log(u))).toArray();
    CountedValues day = CountedValues.of(latencies);

    assertThat(day.toBytes().length).isLessThan(3 * day.distinct());
  }

  @ParameterizedTest
  @CsvSource({
    "'', ends before the version",
    "01, ends before the kind",
    "02, version must be 1",
    "00, version must be 1",
    "0102, kind must be 0 or 1",
    "0100, ends before the number of distinct values",
    "010001, cannot be in the remaining",
    "0100ffffffffffffffffff01, cannot be in the remaining",
    "0100018001, ends before the count",
    "01000100, cannot be in the remaining",
    "01000000, 1 bytes too many",
    "0100010080, ends before the count",
    "010001800000, value is longer than it need be",
    "010001ffffffffffffffffff7f00, value has more than 64 bits",
    // zigzag of 2^53 + 1
    "0100018280808080808020 00, is outside ±2^53",
    // the second value wraps round to the first
    "01000200 00ffffffffffffffffff0100, value 1 is out of range",
    "01000100ffffffffffffffffff01, counts add up to more than 2^53",
    "0100020000 00ffffffffffffff0f, counts add up to more than 2^53",
    "0101010000, whole numbers written as fractions",
    // −0.0 has the key −1
    "0101010100, value 0 is -0.0",
    // the key of infinity, 0x7ff0…
    "01010180808080808080f0ff0100, value 0 is Infinity"
  })
  void corruptBytes_areRefused_sayingWhy(String hex, String why) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> CountedValues.fromBytes(bytes))
        .withMessageStartingWith("not the bytes of counted values: at offset ")
        .withMessageContaining(why);
  }

  /** Whatever is read would be written again as it was: there is one form of each sample. */
  @Test
  void damagedBytes_areRefused_orEncodeAnotherSample() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      double scale = random.nextBoolean() ? 1 : 0.25;
      double[] values =
          random.ints(random.nextInt(12), -300, 300).mapToDouble(v -> v * scale).toArray();
      byte[] bytes = CountedValues.of(values).toBytes();
      byte[] damaged = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(3) - 1));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        assertThat(CountedValues.fromBytes(damaged).toBytes())
            .as("seed %d", seed)
            .isEqualTo(damaged);
      } catch (IllegalArgumentException expected) {
        refused++;
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(5_000);
  }

  private static CountedValues oracle(double[] values) {
    TreeMap<Double, Long> counts = new TreeMap<>();
    for (double value : values) {
      counts.merge(value == 0 ? 0.0 : value, 1L, Long::sum);
    }
    CountedValues.Builder builder = CountedValues.builder();
    counts.forEach(builder::add);
    return builder.build();
  }
}
