package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * What holds for any samples. Each repetition draws a new random seed and every failure names it:
 * to see it again, put it in place of {@code new Random().nextLong()}.
 */
class InvariantsTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @RepeatedTest(300)
  void psi_isFiniteAndNotNegative() {
    CountedValues reference = sample();
    CountedValues current = sample();
    for (Binning binning : binnings()) {
      var result = PSI.withBinning(binning).compare(reference, current);

      assertThat(result.index()).as(describe(binning)).isNotNegative().isFinite();
      assertThat(result.bins())
          .as(describe(binning))
          .allSatisfy(bin -> assertThat(bin.contribution()).isNotNegative());
    }
  }

  @RepeatedTest(300)
  void countsOfAllBins_addUpToTheSamples() {
    CountedValues reference = sample();
    CountedValues current = sample();
    for (Binning binning : binnings()) {
      var bins = PSI.withBinning(binning).compare(reference, current).bins();

      assertThat(bins.stream().mapToLong(IntervalBin::referenceCount).sum())
          .as(describe(binning))
          .isEqualTo(reference.total());
      assertThat(bins.stream().mapToLong(IntervalBin::currentCount).sum())
          .as(describe(binning))
          .isEqualTo(current.total());
    }
  }

  /** Each value counted into its bin by comparing it with the edges, without any order. */
  @RepeatedTest(100)
  void bins_holdTheValuesBetweenTheirEdges() {
    double[] reference = values();
    double[] current = values();
    for (Binning binning : binnings()) {
      var bins = PSI.withBinning(binning).compare(reference, current).bins();
      for (int i = 0; i < bins.size(); i++) {
        IntervalBin bin = bins.get(i);
        boolean closed = i == bins.size() - 1 || bin.lower() == bin.upper();
        long expected =
            Arrays.stream(reference)
                .filter(v -> v >= bin.lower() && (closed ? v <= bin.upper() : v < bin.upper()))
                .count();
        assertThat(bin.referenceCount()).as(describe(binning)).isEqualTo(expected);
      }
    }
  }

  @RepeatedTest(300)
  void psi_isZero_whenSharesAreEqual() {
    CountedValues sample = sample();
    long times = 1L + random.nextInt(50);
    CountedValues.Builder more = CountedValues.builder();
    for (int i = 0; i < sample.distinct(); i++) {
      more.add(sample.value(i), times * sample.count(i));
    }
    for (Binning binning : binnings()) {
      var psi = PSI.withBinning(binning);

      assertThat(psi.compare(sample, sample).index()).as(describe(binning)).isZero();
      // The pseudo-count of 10⁻⁶ weighs less among more values.
      assertThat(psi.compare(sample, more.build()).index())
          .as(describe(binning))
          .isCloseTo(0, within(1e-4));
    }
  }

  @RepeatedTest(300)
  void psi_isSymmetric_whenBothSamplesSetTheEdges() {
    CountedValues one = sample();
    CountedValues other = sample();
    int buckets = 1 + random.nextInt(15);
    for (Binning binning : List.of(Binning.seed(buckets), Binning.equalWidth(buckets))) {
      var psi = PSI.withBinning(binning);
      double forwards = psi.compare(one, other).index();

      assertThat(psi.compare(other, one).index())
          .as(describe(binning))
          .isCloseTo(forwards, within(1e-13 * (1 + forwards)));
    }
  }

  /** Two ways to the same index: sorting and searching, and counting. */
  @RepeatedTest(200)
  void seed_agreesWithTheStraightforwardImplementation() {
    double[] reference = Arrays.stream(values()).map(WholeNumbers::withoutNegativeZero).toArray();
    double[] current = Arrays.stream(values()).map(WholeNumbers::withoutNegativeZero).toArray();
    int buckets = 1 + random.nextInt(15);

    double expected = StraightforwardPsi.index(reference, current, buckets);

    assertThat(PSI.withBinning(Binning.seed(buckets)).compare(reference, current).index())
        .as("seed %d", seed)
        .isCloseTo(expected, within(1e-12 * (1 + expected)));
  }

  @RepeatedTest(300)
  void everyForm_givesTheSameBits() {
    double[] reference = values();
    double[] current = values();
    for (Binning binning : binnings()) {
      var psi = PSI.withBinning(binning);
      var expected = psi.compare(reference, current);

      assertThat(psi.compare(shuffled(reference), shuffled(current)))
          .as(describe(binning))
          .isEqualTo(expected);
      assertThat(psi.compare(CountedValues.of(reference), CountedValues.of(current)))
          .as(describe(binning))
          .isEqualTo(expected);
      if (Arrays.stream(reference).allMatch(WholeNumbers::isWhole)
          && Arrays.stream(current).allMatch(WholeNumbers::isWhole)) {
        assertThat(psi.compare(longs(reference), longs(current)))
            .as(describe(binning))
            .isEqualTo(expected);
      }
    }
  }

  @RepeatedTest(300)
  void merge_isAssociativeAndCommutative_toTheByte() {
    CountedValues a = sample();
    CountedValues b = random.nextInt(10) == 0 ? CountedValues.empty() : sample();
    CountedValues c = sample();

    byte[] expected = a.merge(b).merge(c).toBytes();

    assertThat(a.merge(b.merge(c)).toBytes()).as("seed %d", seed).isEqualTo(expected);
    assertThat(c.merge(a).merge(b).toBytes()).as("seed %d", seed).isEqualTo(expected);
    assertThat(CountedValues.mergeAll(List.of(b, c, a)).toBytes())
        .as("seed %d", seed)
        .isEqualTo(expected);
    assertThat(CountedValues.fromBytes(expected))
        .as("seed %d", seed)
        .isEqualTo(a.merge(b).merge(c));
    assertThat(a.merge(b).total()).as("seed %d", seed).isEqualTo(a.total() + b.total());
  }

  @RepeatedTest(100)
  void categories_giveTheIndex_ofTheirNumbersAsCategories() {
    Map<String, Long> reference = categories();
    Map<String, Long> current = categories();
    var evidently = PSI.withBinning(Binning.evidently());

    double ofNames = evidently.compareCategories(reference, current).index();
    double ofNumbers = evidently.compare(numbers(reference), numbers(current)).index();

    assertThat(ofNames).as("seed %d", seed).isCloseTo(ofNumbers, within(1e-12));
  }

  @RepeatedTest(200)
  void otherMeasures_stayInTheirRanges_andAreZeroForTheSameSample() {
    CountedValues reference = sample();
    CountedValues current = sample();

    var ks = KolmogorovSmirnov.of(reference, current);
    assertThat(ks.statistic()).as("seed %d", seed).isBetween(0.0, 1.0);
    assertThat(KolmogorovSmirnov.of(current, reference).statistic())
        .as("seed %d", seed)
        .isEqualTo(ks.statistic());
    assertThat(KolmogorovSmirnov.of(reference, reference))
        .as("seed %d", seed)
        .extracting(KolmogorovSmirnov::statistic, KolmogorovSmirnov::pValue)
        .containsExactly(0.0, 1.0);
    assertThat(WassersteinDistance.between(reference, reference).distance())
        .as("seed %d", seed)
        .isZero();
    double jensenShannon = PSI.compare(reference, current).jensenShannonDistance();
    assertThat(jensenShannon).as("seed %d", seed).isBetween(0.0, Math.sqrt(Math.log(2)) + 1e-15);
  }

  private String describe(Binning binning) {
    return "seed " + seed + ", " + binning;
  }

  private List<Binning> binnings() {
    int buckets = 1 + random.nextInt(15);
    return List.of(
        Binning.seed(buckets),
        Binning.referenceQuantiles(buckets),
        Binning.equalWidth(buckets),
        Binning.evidently(),
        Binning.custom(Double.NEGATIVE_INFINITY, -1, 0, 2.5, 40, Double.POSITIVE_INFINITY));
  }

  private CountedValues sample() {
    return CountedValues.of(values());
  }

  /** Whole numbers, quarters or fractions; few or many; wide or narrow; now and then −0.0. */
  private double[] values() {
    int size = 1 + random.nextInt(random.nextBoolean() ? 8 : 200);
    double spread = Math.pow(10, random.nextInt(6) - 1);
    int kind = random.nextInt(3);
    return IntStream.range(0, size)
        .mapToDouble(i -> random.nextGaussian() * spread)
        .map(v -> kind == 0 ? Math.rint(v) : kind == 1 ? Math.rint(4 * v) / 4 : v)
        .toArray();
  }

  private double[] shuffled(double[] values) {
    List<Double> list = Arrays.stream(values).boxed().collect(Collectors.toList());
    Collections.shuffle(list, random);
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static long[] longs(double[] values) {
    return Arrays.stream(values).mapToLong(v -> (long) v).toArray();
  }

  private Map<String, Long> categories() {
    Map<String, Long> counts = new TreeMap<>();
    IntStream.range(0, 1 + random.nextInt(9))
        .forEach(i -> counts.put(Integer.toString(random.nextInt(9)), 1L + random.nextInt(400)));
    return counts;
  }

  private static CountedValues numbers(Map<String, Long> categories) {
    CountedValues.Builder builder = CountedValues.builder();
    categories.forEach((name, count) -> builder.add(Long.parseLong(name), count));
    return builder.build();
  }
}
