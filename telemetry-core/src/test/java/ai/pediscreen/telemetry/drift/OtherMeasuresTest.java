package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The measures beside PSI, against figures published elsewhere; each test names its source. */
class OtherMeasuresTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();

  /** SciPy's documentation of scipy.spatial.distance.jensenshannon: 0.46450140402245893. */
  @Test
  void jensenShannon_agreesWithScipysExample() {
    var result = PSI.compareCategories(Map.of("a", 7L), Map.of("a", 5L, "b", 5L));

    assertThat(result.jensenShannonDistance()).isCloseTo(0.46450140402245893, within(1e-15));
  }

  /** SciPy's documentation, likewise: [1, 0, 0] and [0, 1, 0] are 1.0 apart in base 2. */
  @Test
  void jensenShannon_isOneBit_whenSamplesShareNoBin() {
    var apart = PSI.compareCategories(Map.of("a", 3L), Map.of("b", 9L));
    var same = PSI.compareCategories(Map.of("a", 3L), Map.of("a", 9L));

    assertThat(apart.jensenShannonDistance() / Math.sqrt(Math.log(2))).isCloseTo(1, within(1e-15));
    assertThat(same.jensenShannonDistance()).isZero();
  }

  /** SciPy's documentation of scipy.stats.wasserstein_distance: [0, 1, 3] and [5, 6, 8] → 5.0. */
  @Test
  void wasserstein_agreesWithScipysFirstExample() {
    var distance = WassersteinDistance.between(new int[] {0, 1, 3}, new int[] {5, 6, 8});

    assertThat(distance.distance()).isCloseTo(5.0, within(1e-15));
    // Of 0, 1, 3 by hand: mean 4/3, variance (16 + 1 + 25)/27 = 14/9.
    assertThat(distance.referenceStandardDeviation()).isCloseTo(Math.sqrt(14 / 9.0), within(1e-15));
    assertThat(distance.normed().orElseThrow()).isCloseTo(15 / Math.sqrt(14), within(1e-14));
  }

  /** Likewise: [0, 1] weighted [3, 1] and [0, 1] weighted [2, 2] → 0.25. */
  @Test
  void wasserstein_agreesWithScipysSecondExample() {
    var reference = CountedValues.builder().add(0, 3).add(1, 1).build();
    var current = CountedValues.builder().add(0, 2).add(1, 2).build();

    assertThat(WassersteinDistance.between(reference, current).distance()).isEqualTo(0.25);
  }

  /**
   * Likewise: weights 1.4, 0.9, 3.1, 7.2 and 3.2, 3.5, here ten times as many → 4.0781331438047861.
   */
  @Test
  void wasserstein_agreesWithScipysThirdExample() {
    var reference =
        CountedValues.builder().add(3.4, 14).add(3.9, 9).add(7.5, 31).add(7.8, 72).build();
    var current = CountedValues.builder().add(4.5, 32).add(1.4, 35).build();

    assertThat(WassersteinDistance.between(reference, current).distance())
        .isCloseTo(4.078133143804786, within(1e-14));
  }

  @Test
  void wasserstein_hasNoNorm_whenTheReferenceIsConstant() {
    var distance = WassersteinDistance.between(new long[] {4, 4}, new long[] {7});

    assertThat(distance.distance()).isEqualTo(3);
    assertThat(distance.normed()).isEmpty();
  }

  /** A standard deviation of 1 around 10⁹: squares of the values themselves would lose it. */
  @Test
  void wasserstein_keepsItsDigits_farFromZero() {
    var distance =
        WassersteinDistance.between(
            new double[] {1e9 - 1, 1e9 + 1}, new double[] {1e9 + 1, 1e9 + 3});

    assertThat(distance.normed().orElseThrow()).isEqualTo(2);
  }

  /**
   * SciPy's documentation of scipy.stats.chi2_contingency: 2.7777777777777777, 0.24935220877729619.
   */
  @Test
  void chiSquared_agreesWithScipysExample() {
    var test =
        ChiSquared.of(Map.of("a", 10L, "b", 10L, "c", 20L), Map.of("a", 20L, "b", 20L, "c", 20L));

    assertThat(test.statistic()).isCloseTo(2.7777777777777777, within(1e-14));
    assertThat(test.pValue()).isCloseTo(0.2493522087772962, within(1e-14));
    assertThat(test.degreesOfFreedom()).isEqualTo(2);
    assertThat(test.smallestExpected()).isEqualTo(12);
  }

  @Test
  void chiSquared_isZero_forASingleCategory() {
    var test = ChiSquared.of(Map.of("a", 3L, "b", 0L), Map.of("a", 9L));

    assertThat(test).isEqualTo(new ChiSquared(0, 0, 1, 3));
  }

  /**
   * Three of the first sample, then three of the second: 2 of the C(6, 3) = 20 orders are as far
   * apart, so p = 0.1.
   */
  @Test
  void kolmogorovSmirnov_agreesWithCountingOrders() {
    var test = KolmogorovSmirnov.of(new int[] {1, 2, 3}, new int[] {4, 5, 6});

    assertThat(test.statistic()).isEqualTo(1);
    assertThat(test.pValue()).isCloseTo(0.1, within(1e-15));
    assertThat(test.exact()).isTrue();
  }

  /**
   * The published table of critical values of n·m·D (Massey 1952 and after; 5 and 8 values: 30/40
   * at 5 %, 35/40 at 1 %): the smallest gap with a p-value of at most α.
   */
  @ParameterizedTest
  @CsvSource({
    "0.05, 4, 4, 16",
    "0.05, 5, 8, 30",
    "0.01, 5, 8, 35",
    "0.05, 6, 10, 40",
    "0.01, 6, 10, 45",
    "0.05, 7, 9, 42",
    "0.01, 7, 9, 49",
    "0.05, 8, 9, 46",
    "0.01, 8, 9, 55",
    "0.05, 8, 12, 60",
    "0.01, 8, 12, 68",
    "0.05, 10, 11, 60",
    "0.01, 10, 11, 77"
  })
  void kolmogorovSmirnov_agreesWithTheTableOfCriticalValues(
      double alpha, int n, int m, int criticalGap) {
    int smallest =
        IntStream.rangeClosed(1, n * m)
            .filter(gap -> SmirnovDistribution.exact(gap, n, m) <= alpha)
            .findFirst()
            .orElseThrow();

    // Only some gaps can occur; up to the next of them the p-value is the same.
    assertThat(SmirnovDistribution.exact(criticalGap, n, m))
        .isEqualTo(SmirnovDistribution.exact(smallest, n, m))
        .isLessThanOrEqualTo(alpha);
  }

  /** Ferguson's calculator (UCLA) gives P(D ≤ 0.1) = 0.41699 for 100 against 100 values. */
  @Test
  void kolmogorovSmirnov_agreesWithFergusonsExample() {
    assertThat(1 - SmirnovDistribution.exact(1_100, 100, 100)).isCloseTo(0.41699, within(5e-6));
  }

  /** SciPy 1.17.1, scipy.stats.ks_2samp(range(100), range(50, 150), method='exact'). */
  @Test
  void kolmogorovSmirnov_keepsTheDigitsOfSmallProbabilities() {
    int[] reference = IntStream.range(0, 100).toArray();
    int[] current = IntStream.range(50, 150).toArray();

    var test = KolmogorovSmirnov.of(reference, current);

    assertThat(test.statistic()).isEqualTo(0.5);
    assertThat(test.pValue()).isCloseTo(1.0024645454361508e-11, within(1e-22));
  }

  /** SciPy 1.17.1, scipy.stats.kstwobign.sf; 1.3581 and 1.6276 are the usual 5 % and 1 % points. */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0.05, 1",
    "0.3, 0.9999906941986655",
    "0.5, 0.9639452436648751",
    "0.828, 0.4993296211937983",
    "1, 0.26999967167735456",
    "1.2238, 0.10002342783567782",
    "1.3581, 0.0499996304316674",
    "1.6276, 0.010001537333060776",
    "3, 3.045995948942526e-08"
  })
  void kolmogorovsLimit_agreesWithScipy(double x, double expected) {
    assertThat(SmirnovDistribution.kolmogorovLimit(x)).isCloseTo(expected, within(1e-14));
  }

  /** Both series are the same function: where one takes over from the other there is no step. */
  @Test
  void kolmogorovsLimit_hasNoStep_whereTheSeriesMeet() {
    double below = SmirnovDistribution.kolmogorovLimit(Math.nextDown(1.18));
    double above = SmirnovDistribution.kolmogorovLimit(1.18);

    assertThat(below).isCloseTo(above, within(1e-14));
  }

  @Test
  void kolmogorovSmirnov_usesTheLimit_forLargeSamples() {
    long[] reference = IntStream.range(0, 2_000).asLongStream().toArray();
    long[] current = IntStream.range(50, 2_050).asLongStream().toArray();

    var test = KolmogorovSmirnov.of(reference, current);

    assertThat(test.exact()).isFalse();
    assertThat(test.statistic()).isCloseTo(0.025, within(1e-15));
    // D·√(nm/(n + m)) = 0.025·√1000 = 0.790569…
    assertThat(test.pValue())
        .isCloseTo(SmirnovDistribution.kolmogorovLimit(0.025 * Math.sqrt(1000)), within(1e-12));
  }

  @Test
  void everyForm_givesTheSameFigures() {
    int[] reference = {5, 3, 3, 9, 12};
    int[] current = {4, 3, 8};
    long[] longReference = {5, 3, 3, 9, 12};
    double[] doubleCurrent = {4, 3, 8};
    var counted = CountedValues.of(current);

    assertThat(
            List.of(
                KolmogorovSmirnov.of(longReference, new long[] {4, 3, 8}),
                KolmogorovSmirnov.of(new double[] {5, 3, 3, 9, 12}, doubleCurrent),
                KolmogorovSmirnov.of(CountedValues.of(reference), counted)))
        .containsOnly(KolmogorovSmirnov.of(reference, current));
    assertThat(
            List.of(
                WassersteinDistance.between(longReference, new long[] {4, 3, 8}),
                WassersteinDistance.between(new double[] {5, 3, 3, 9, 12}, doubleCurrent),
                WassersteinDistance.between(CountedValues.of(reference), counted)))
        .containsOnly(WassersteinDistance.between(reference, current));
  }

  @Test
  void emptySamples_andValuesThatAreNotFinite_areRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KolmogorovSmirnov.of(new int[0], new int[] {1}))
        .withMessageStartingWith("reference");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WassersteinDistance.between(new int[] {1}, new int[0]))
        .withMessageStartingWith("current");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChiSquared.of(Map.of(), Map.of("a", 1L)))
        .withMessageStartingWith("reference");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KolmogorovSmirnov.of(new double[] {1}, new double[] {1, Double.NaN}))
        .withMessageStartingWith("current[1] is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                WassersteinDistance.between(new double[] {-Double.MAX_VALUE}, new double[] {1e308}))
        .withMessageContaining("too far apart");
  }

  @Test
  void impossibleFigures_areRefused() {
    double nan = Double.NaN;
    assertThatIllegalArgumentException().isThrownBy(() -> new KolmogorovSmirnov(nan, 0, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new KolmogorovSmirnov(0, nan, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new WassersteinDistance(nan, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new WassersteinDistance(0, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChiSquared(nan, 1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChiSquared(0, 1, nan, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChiSquared(0, -1, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChiSquared(0, 1, 1, 0));
  }
}
