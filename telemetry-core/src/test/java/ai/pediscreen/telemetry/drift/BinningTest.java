package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each binning against recorded figures and bins counted by hand. */
class BinningTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();
  private static final int[] ONE_TO_THREE = repeated(1, 2, 3);
  private static final int[] TWO_TO_FOUR = repeated(2, 3, 4);
  private static final int[] TO_99 = IntStream.range(0, 100).toArray();
  private static final int[] FROM_50 = IntStream.range(50, 150).toArray();

  @Test
  void seed_givesTheKnownFigure() {
    var result = PSI.compare(new int[] {0, 1, 2, 3, 4}, new int[] {5, 6, 7, 8, 9, 10});

    assertThat(result.index()).isCloseTo(28.370327570627083, relative(28.37));
  }

  @Test
  void seed_givesOneBin_whenAllValuesAreEqual() {
    var result = PSI.compare(new int[] {7, 7, 7}, new int[] {7, 7});

    assertThat(result.bins())
        .extracting(IntervalBin::lower, IntervalBin::upper, IntervalBin::referenceCount)
        .containsExactly(tuple(7.0, 7.0 + 1e-6, 3L));
    assertThat(result.index()).isZero();
  }

  @Test
  void seed_acceptsAConstant_soLargeThatTheEdgesCoincide() {
    var result = PSI.compare(new double[] {1e15}, new double[] {1e15, 1e15});

    assertThat(result.bins()).hasSize(1);
    assertThat(result.bins().get(0).currentCount()).isEqualTo(2);
  }

  @Test
  void equalWidth_givesTheKnownFigures() {
    assertThat(equalWidth(10).compare(TO_99, FROM_50).index())
        .isCloseTo(10.76702612129847, relative(10.77));
    assertThat(equalWidth(5).compare(ONE_TO_THREE, TWO_TO_FOUR).index())
        .isCloseTo(8.477906684770259, relative(8.48));
  }

  /**
   * Ten bins of 0.3 hold 1, 2, 3 and 4 apart. Both samples share two bins evenly, and differ in one
   * each: share (100 + ε)/(300 + 10ε) against ε, since ε/(300 + 10ε) is clipped to ε.
   */
  @Test
  void equalWidth_agreesWithTheFormula_inTenBins() {
    double epsilon = 1e-6;
    double share = (100 + epsilon) / (300 + 10 * epsilon);
    double expected = 2 * (share - epsilon) * Math.log(share / epsilon);

    var result = equalWidth(10).compare(ONE_TO_THREE, TWO_TO_FOUR);

    assertThat(result.index()).isCloseTo(expected, relative(expected));
    assertThat(result.index()).isCloseTo(8.47790653236032, relative(8.48));
    assertThat(result.bins())
        .extracting(IntervalBin::referenceCount)
        .containsExactly(100L, 0L, 0L, 100L, 0L, 0L, 100L, 0L, 0L, 0L);
    assertThat(result.bins())
        .extracting(IntervalBin::currentCount)
        .containsExactly(0L, 0L, 0L, 100L, 0L, 0L, 100L, 0L, 0L, 100L);
    assertThat(result.bins().get(1).referenceShare()).isEqualTo(epsilon);
  }

  @Test
  void equalWidth_spansOne_whenAllValuesAreEqual() {
    var result = equalWidth(4).compare(new int[] {7, 7}, new int[] {7});

    assertThat(result.bins()).extracting(IntervalBin::lower).containsExactly(7.0, 7.25, 7.5, 7.75);
    assertThat(result.bins().get(3).upper()).isEqualTo(8.0);
    assertThat(result.bins().get(0).referenceCount()).isEqualTo(2);
    // Not 0: a pseudo-count of 10⁻⁶ weighs a little more against one value than against two.
    assertThat(result.index()).isBetween(0.0, 1e-11);
  }

  @Test
  void equalWidth_acceptsAConstant_soLargeThatAddingOneChangesNothing() {
    var result = equalWidth(4).compare(new double[] {1e300}, new double[] {1e300});

    assertThat(result.index()).isZero();
    assertThat(result.bins().get(0).referenceCount()).isEqualTo(1);
  }

  @Test
  void evidently_givesTheKnownFigures() {
    var evidently = PSI.withBinning(Binning.evidently());

    var categories = evidently.compare(ONE_TO_THREE, TWO_TO_FOUR);
    var bins = evidently.compare(TO_99, FROM_50);

    assertThat(categories.index()).isCloseTo(5.40619637658872, relative(5.41));
    assertThat(categories.bins())
        .extracting(IntervalBin::lower, IntervalBin::upper)
        .containsExactly(tuple(1.0, 1.0), tuple(2.0, 2.0), tuple(3.0, 3.0), tuple(4.0, 4.0));
    assertThat(bins.index()).isCloseTo(7.414532745869386, relative(7.41));
    assertThat(bins.bins()).hasSize(9);
  }

  /** 32 + 32 values: log₂ 64 + 1 = 7 bins exactly, not 8 for a logarithm an ulp too large. */
  @Test
  void evidently_hasSturgesBins_atPowersOfTwo() {
    int[] values = IntStream.range(0, 32).toArray();

    assertThat(PSI.withBinning(Binning.evidently()).compare(values, values).bins()).hasSize(7);
  }

  @Test
  void evidently_decidesByTheReference_betweenBinsAndCategories() {
    var evidently = PSI.withBinning(Binning.evidently());
    int[] twenty = IntStream.range(0, 20).toArray();
    int[] twentyOne = IntStream.range(0, 21).toArray();

    assertThat(evidently.compare(twenty, twentyOne).bins()).hasSize(21);
    assertThat(evidently.compare(twentyOne, twenty).bins()).hasSize(7);
  }

  /** The reference's smallest share is 1/20 000 = 5·10⁻⁵, so its zero is 5·10⁻¹¹. */
  @Test
  void evidently_replacesAZeroShare_byAMillionthOfTheSmallest() {
    CountedValues reference = CountedValues.builder().add(1, 19_999).add(2, 1).build();
    CountedValues current = CountedValues.builder().add(1, 10).add(3, 10).build();

    var bins = PSI.withBinning(Binning.evidently()).compare(reference, current).bins();

    assertThat(bins)
        .extracting(IntervalBin::referenceShare)
        .containsExactly(19_999 / 20_000.0, 1 / 20_000.0, 1 / 20_000.0 / 1e6);
    assertThat(bins).extracting(IntervalBin::currentShare).containsExactly(0.5, 1e-4, 0.5);
  }

  /** The inner quintiles of 1..9 are at ranks 1.6, 3.2, 4.8, 6.4. */
  @Test
  void referenceQuantiles_areThoseOfTheReference_withOpenEnds() {
    var result =
        PSI.withBinning(Binning.referenceQuantiles(5))
            .compare(IntStream.rangeClosed(1, 9).toArray(), new int[] {-1000, 4, 4, 1000});

    assertThat(result.bins())
        .extracting(IntervalBin::lower)
        .satisfies(
            edges -> assertThat(edges.get(0)).isEqualTo(Double.NEGATIVE_INFINITY),
            edges -> assertThat(edges.get(1)).isCloseTo(2.6, within(1e-12)),
            edges -> assertThat(edges.get(2)).isCloseTo(4.2, within(1e-12)),
            edges -> assertThat(edges.get(3)).isCloseTo(5.8, within(1e-12)),
            edges -> assertThat(edges.get(4)).isCloseTo(7.4, within(1e-12)));
    assertThat(result.bins().get(4).upper()).isInfinite();
    assertThat(result.bins())
        .extracting(IntervalBin::referenceCount)
        .containsExactly(2L, 2L, 1L, 2L, 2L);
    assertThat(result.bins())
        .extracting(IntervalBin::currentCount)
        .containsExactly(1L, 2L, 0L, 0L, 1L);
  }

  @Test
  void referenceQuantiles_haveABinBelowAndAbove_whenTheReferenceIsConstant() {
    var result =
        PSI.withBinning(Binning.referenceQuantiles(10))
            .compare(new int[] {5, 5, 5}, new int[] {4, 5, 6});

    assertThat(result.bins())
        .extracting(IntervalBin::lower, IntervalBin::upper, IntervalBin::currentCount)
        .containsExactly(
            tuple(Double.NEGATIVE_INFINITY, 5.0, 1L),
            tuple(5.0, 5.000001, 1L),
            tuple(5.000001, Double.POSITIVE_INFINITY, 1L));
    assertThat(result.index()).isPositive();
  }

  @Test
  void profile_givesTheSameResult_asTheReferenceItself() {
    CountedValues reference = CountedValues.of(TO_99);
    CountedValues current = CountedValues.of(FROM_50);
    for (Binning binning :
        List.of(
            Binning.referenceQuantiles(10),
            Binning.referenceQuantiles(1),
            Binning.custom(0, 70, 200))) {
      var psi = PSI.withBinning(binning);
      ReferenceProfile profile = psi.profile(reference);
      ReferenceProfile restored =
          new ReferenceProfile(profile.binning(), profile.edges(), profile.counts());

      assertThat(PSI.compare(restored, current)).isEqualTo(psi.compare(reference, current));
    }
  }

  @Test
  void profile_isRefused_whenEdgesNeedTheCurrentSample() {
    assertThatIllegalStateException()
        .isThrownBy(() -> PSI.profile(CountedValues.of(TO_99)))
        .withMessageContaining("SEED(10)")
        .withMessageContaining("withBinning(Binning.referenceQuantiles(10))");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceProfile(Binning.evidently(), List.of(0.0, 1.0), List.of(1L)))
        .withMessageContaining("EVIDENTLY");
  }

  @Test
  void profile_refusesFiguresThatDoNotFit() {
    Binning binning = Binning.referenceQuantiles(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceProfile(binning, List.of(0.0, 1.0), List.of(1L, 2L)))
        .withMessageContaining("one fewer than the 2 edges");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceProfile(binning, List.of(0.0, 1.0), List.of(0L)))
        .withMessageContaining("not all be 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceProfile(binning, List.of(0.0, 1.0), List.of(-1L)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReferenceProfile(binning, List.of(1.0, 1.0), List.of(1L)));
  }

  /** Half-open, the last bin closed: 0 | 10 15 | 20 30. */
  @Test
  void custom_countsBetweenTheEdgesGiven() {
    var result =
        PSI.withBinning(Binning.custom(0, 10, 20, 30))
            .compare(new int[] {0, 10, 15, 20, 30}, new int[] {9, 19, 29, 29});

    assertThat(result.bins()).extracting(IntervalBin::referenceCount).containsExactly(1L, 2L, 2L);
    assertThat(result.bins()).extracting(IntervalBin::currentCount).containsExactly(1L, 1L, 2L);
    assertThat(result.binning()).hasToString("CUSTOM([0.0, 10.0, 20.0, 30.0])");
  }

  @Test
  void custom_refusesValuesOutside_namingTheSampleAndHowMany() {
    var psi = PSI.withBinning(Binning.custom(0, 10));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> psi.compare(new int[] {1}, new int[] {-1, 5, 11, 11}))
        .withMessageContaining("current has 3 of 4 values outside the edges [0.0, 10.0]");
  }

  @Test
  void custom_refusesInvalidEdges() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binning.custom(1))
        .withMessageContaining("at least two");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binning.custom(0, Double.NaN, 2))
        .withMessageContaining("edges[1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binning.custom(0, 2, 2))
        .withMessageContaining("edges[2] is 2.0 after 2.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binning.custom(0, Double.POSITIVE_INFINITY, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 10_001})
  void buckets_areRefused_outsideTheirRange(int buckets) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Binning.seed(buckets))
        .withMessage("buckets must be between 1 and 10000, but is " + buckets);
    assertThatIllegalArgumentException().isThrownBy(() -> Binning.referenceQuantiles(buckets));
    assertThatIllegalArgumentException().isThrownBy(() -> Binning.equalWidth(buckets));
  }

  @Test
  void valuesTooFarApart_areRefused_ratherThanGivenInfiniteEdges() {
    double[] far = {-Double.MAX_VALUE, Double.MAX_VALUE};
    for (Binning binning :
        List.of(Binning.seed(10), Binning.referenceQuantiles(10), Binning.equalWidth(10))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PSI.withBinning(binning).compare(far, far))
          .withMessageContaining("too far apart");
    }
  }

  @Test
  void equality_isByKindAndSettings() {
    assertThat(Binning.seed(10)).isEqualTo(Binning.seed(10)).hasSameHashCodeAs(Binning.seed(10));
    assertThat(Binning.seed(10)).isNotEqualTo(Binning.seed(9)).isNotEqualTo(Binning.equalWidth(10));
    assertThat(Binning.custom(0, 1))
        .isEqualTo(Binning.custom(0, 1))
        .isNotEqualTo(Binning.custom(0, 2));
  }

  private static PopulationStabilityIndex equalWidth(int buckets) {
    return PSI.withBinning(Binning.equalWidth(buckets));
  }

  private static org.assertj.core.data.Offset<Double> relative(double magnitude) {
    return within(1e-13 * magnitude);
  }

  private static int[] repeated(int... values) {
    return IntStream.range(0, 100 * values.length).map(i -> values[i % values.length]).toArray();
  }
}
