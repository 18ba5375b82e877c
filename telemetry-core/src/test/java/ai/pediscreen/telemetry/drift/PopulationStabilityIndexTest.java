package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.PopulationStabilityIndex.NotFinite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PopulationStabilityIndexTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Two bins, 3 of 4 against 1 of 4: (¾ − ¼)·ln 3 + (¼ − ¾)·ln ⅓ = ln 3. */
  @Test
  void index_isTheSumOverBins_byHand() {
    var result =
        PSI.withBinning(Binning.custom(0, 1, 2))
            .compare(new double[] {0, 0, 0, 1}, new double[] {0, 1, 1, 1});

    assertThat(result.index()).isCloseTo(Math.log(3), within(1e-5));
    assertThat(result.bins())
        .extracting(IntervalBin::referenceCount, IntervalBin::currentCount)
        .containsExactly(tuple(3L, 1L), tuple(1L, 3L));
    assertThat(result.bins().get(0).contribution() + result.bins().get(1).contribution())
        .isEqualTo(result.index());
    assertThat(result.referenceCount()).isEqualTo(4);
    assertThat(result.currentCount()).isEqualTo(4);
  }

  @Test
  void index_isZero_whenDistributionsMatch() {
    int[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    assertThat(PSI.compare(values, values.clone()).index()).isZero();
  }

  @Test
  void arrays_areNotChanged() {
    long[] reference = {5, 1, 9_000_000_000L};
    double[] fractions = {0.5, -0.0, 0.1};

    PSI.compare(reference, reference);
    PSI.compare(fractions, fractions);

    assertThat(reference).containsExactly(5, 1, 9_000_000_000L);
    assertThat(fractions).containsExactly(0.5, -0.0, 0.1);
  }

  @Test
  void emptySamples_areRefused_byName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new double[0], new double[] {1}))
        .withMessageStartingWith("reference ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new long[] {1}, new long[0]))
        .withMessageStartingWith("current ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new int[0], new int[0]))
        .withMessageStartingWith("reference ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(CountedValues.of(new int[] {1}), CountedValues.empty()))
        .withMessageStartingWith("current ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compareCategories(Map.of("a", 1L), Map.of("a", 0L)))
        .withMessageStartingWith("current ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.profile(CountedValues.empty()))
        .withMessageStartingWith("reference ");
  }

  @Test
  void valuesThatAreNotFinite_areRefused_withIndexAndCount() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new double[] {1, 2}, new double[] {1, NAN, -INFINITY, NAN}))
        .withMessage("current[1] is NaN; of 4 values 3 are not finite (2 NaN, 1 infinite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new double[] {INFINITY}, new double[] {1}))
        .withMessage("reference[0] is Infinity; of 1 values 1 are not finite (0 NaN, 1 infinite)");
  }

  @Test
  void valuesThatAreNotFinite_areCountedSeparately_onRequest() {
    var result =
        PSI.withNotFinite(NotFinite.COUNTED_APART)
            .compare(new double[] {1, NAN, 2, INFINITY, 3}, new double[] {3, 2, 1, -INFINITY});
    var withoutThem = PSI.compare(new double[] {1, 2, 3}, new double[] {1, 2, 3});

    assertThat(result.referenceNotFinite()).isEqualTo(2);
    assertThat(result.currentNotFinite()).isEqualTo(1);
    assertThat(result.referenceCount()).isEqualTo(3);
    assertThat(result.bins()).isEqualTo(withoutThem.bins());
    assertThat(withoutThem.referenceNotFinite()).isZero();
  }

  @Test
  void sampleWithoutFiniteValues_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PSI.withNotFinite(NotFinite.COUNTED_APART)
                    .compare(new double[] {1}, new double[] {NAN}))
        .withMessageStartingWith("current must have at least one finite value");
  }

  @Test
  void negativeZero_equalsZero() {
    double[] positive = {0.0, 0.5, 1.5, 0.0};
    double[] negative = {-0.0, 0.5, 1.5, -0.0};
    double[] current = {-0.0, 0.25, 1.5};

    assertThat(PSI.compare(negative, current)).isEqualTo(PSI.compare(positive, current));
    assertThat(PSI.compare(new double[] {-0.0}, new double[] {0.0}).bins().get(0).lower())
        .isEqualTo(0.0)
        .matches(lower -> 1 / lower > 0, "is not −0.0");
  }

  @Test
  void longsThatDoublesCannotHold_areRefused_withTheirIndex() {
    long tooLarge = (1L << 53) + 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new long[] {1}, new long[] {1, tooLarge}))
        .withMessage("current[1] must be within ±2^53, but is 9007199254740993");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(new long[] {3, Long.MIN_VALUE}, new long[] {1}))
        .withMessage("reference[1] must be within ±2^53, but is -9223372036854775808");
  }

  @Test
  void categories_giveTheKnownFigure_withTheSharesOfEvidently() {
    var result =
        PSI.withBinning(Binning.evidently())
            .compareCategories(Map.of("a", 50L, "b", 50L), Map.of("a", 30L, "c", 70L));

    assertThat(result.index()).isCloseTo(10.556590434225587, within(1e-12));
    assertThat(result.bins())
        .extracting(CategoryBin::category, CategoryBin::referenceCount, CategoryBin::currentCount)
        .containsExactly(tuple("a", 50L, 30L), tuple("b", 50L, 0L), tuple("c", 0L, 70L));
    assertThat(result.binning()).hasToString("CATEGORIES(shares of EVIDENTLY)");
  }

  /** low 60 → 40, high 40 → 60 of 100: 2·0.2·ln 1.5 = 0.16218604… */
  @Test
  void categories_agreeWithTheFormula_byHand() {
    var result =
        PSI.compareCategories(
            Map.of("low", 60L, "high", 40L, "never", 0L), Map.of("low", 40L, "high", 60L));

    assertThat(result.index()).isCloseTo(0.4 * Math.log(1.5), within(1e-8));
    assertThat(result.bins()).extracting(CategoryBin::category).containsExactly("high", "low");
    assertThat(result.criticalValue()).isCloseTo(0.02 * 3.841458820694124, within(1e-12));
    assertThat(result.verdict()).isEqualTo(DriftVerdict.MODERATE);
  }

  @Test
  void categories_areRefused_withNegativeCountsOrNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compareCategories(Map.of("a", -1L), Map.of("a", 1L)))
        .withMessageContaining("reference")
        .withMessageContaining("a has -1");
    Map<String, Long> nameless = new HashMap<>();
    nameless.put(null, 1L);
    assertThatNullPointerException()
        .isThrownBy(() -> PSI.compareCategories(nameless, Map.of("a", 1L)))
        .withMessage("category");
  }

  /** χ² at 95 % with 9 degrees is 16.919 in NIST/SEMATECH e-Handbook, table 1.3.6.7.4. */
  @ParameterizedTest
  @CsvSource({"10,70,1.93359744052", "100,700,0.193359744052", "1000,7000,0.0193359744052"})
  void criticalValue_isYurdakuls(long n, long m, double expected) {
    assertThat(PopulationStabilityIndex.criticalValue(0.95, 10, n, m))
        .isCloseTo(expected, within(1e-9))
        .isCloseTo((1.0 / n + 1.0 / m) * 16.919, within(1e-4));
  }

  /** NIST/SEMATECH e-Handbook, table 1.3.6.7.4: upper critical values of χ². */
  @ParameterizedTest
  @CsvSource({
    "0.90, 1, 2.706", "0.95, 1, 3.841", "0.99, 1, 6.635",
    "0.90, 4, 7.779", "0.95, 4, 9.488", "0.99, 4, 13.277",
    "0.90, 19, 27.204", "0.95, 19, 30.144", "0.99, 19, 36.191"
  })
  void criticalValue_agreesWithNist(double confidence, int degrees, double chiSquared) {
    assertThat(PopulationStabilityIndex.criticalValue(confidence, degrees + 1, 2, 2))
        .isCloseTo(chiSquared, within(0.0005));
  }

  @Test
  void criticalValue_isZero_forOneBin() {
    var result = PSI.withBinning(Binning.seed(1)).compare(new int[] {1, 2}, new int[] {100, 200});

    assertThat(result.criticalValue()).isZero();
    assertThat(result.significant()).isFalse();
    assertThat(result.index()).isZero();
    assertThat(result.verdict()).isEqualTo(DriftVerdict.INSUFFICIENT_DATA);
  }

  @Test
  void criticalValue_canBeComputedAtAnotherConfidence() {
    var result = PSI.compare(new int[] {1, 2, 3}, new int[] {2, 3, 4});
    var stricter = PSI.withConfidence(0.99).compare(new int[] {1, 2, 3}, new int[] {2, 3, 4});

    assertThat(result.criticalValue(0.99)).isEqualTo(stricter.criticalValue());
    assertThat(stricter.criticalValue()).isGreaterThan(result.criticalValue());
    assertThat(stricter.confidence()).isEqualTo(0.99);
  }

  /**
   * Two bins, 1000 values on either side: critical value 0.002·3.8415 = 0.00768. Half and half
   * against 54 % gives 0.04·ln(0.54/0.5) + 0.04·ln(0.5/0.46) = 0.0064, and so on.
   */
  @ParameterizedTest
  @CsvSource({
    "500, 0.0000, STABLE, false",
    "540, 0.0064, STABLE, false",
    "550, 0.0100, STABLE, true",
    "600, 0.0405, MODERATE, true",
    "650, 0.0929, SIGNIFICANT, true"
  })
  void verdict_needsThresholdAndSignificance(
      long low, double index, DriftVerdict verdict, boolean significant) {
    var result =
        PSI.withThresholds(0.03, 0.08)
            .compareCategories(
                Map.of("low", 500L, "high", 500L), Map.of("low", low, "high", 1000 - low));

    assertThat(result.index()).isCloseTo(index, within(5e-5));
    assertThat(result.verdict()).isEqualTo(verdict);
    assertThat(result.significant()).isEqualTo(significant);
  }

  @Test
  void verdict_isInsufficientData_whenChanceReachesTheUpperThreshold() {
    // 2 bins, 20 against 20 values: critical value 0.384 is over 0.2, and χ² is 6.4 (p = 0.011).
    var few = PSI.compareCategories(Map.of("a", 14L, "b", 6L), Map.of("a", 6L, "b", 14L));
    // At 0.5 the same samples can carry an alarm.
    var wideBands =
        PSI.withThresholds(0.2, 0.5)
            .compareCategories(Map.of("a", 14L, "b", 6L), Map.of("a", 6L, "b", 14L));

    assertThat(few.verdict()).isEqualTo(DriftVerdict.INSUFFICIENT_DATA);
    assertThat(few.significant()).isTrue();
    assertThat(wideBands.verdict()).isEqualTo(DriftVerdict.SIGNIFICANT);
  }

  @Test
  void thresholds_areExceeded_notMet() {
    assertThat(DriftVerdict.of(0.1, 10, 0.01, 0.1, 0.2)).isEqualTo(DriftVerdict.STABLE);
    assertThat(DriftVerdict.of(Math.nextUp(0.1), 10, 0.01, 0.1, 0.2))
        .isEqualTo(DriftVerdict.MODERATE);
    assertThat(DriftVerdict.of(0.2, 10, 0.01, 0.1, 0.2)).isEqualTo(DriftVerdict.MODERATE);
    assertThat(DriftVerdict.of(Math.nextUp(0.2), 10, 0.01, 0.1, 0.2))
        .isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(DriftVerdict.of(0.15, 10, 0.15, 0.1, 0.2)).isEqualTo(DriftVerdict.STABLE);
    assertThat(DriftVerdict.of(9, 10, 0.2, 0.1, 0.2)).isEqualTo(DriftVerdict.INSUFFICIENT_DATA);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 0, 1, -0.5, Double.POSITIVE_INFINITY})
  void confidence_isRefused_outsideItsRange(double confidence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.withConfidence(confidence))
        .withMessageContaining("confidence")
        .withMessageContaining(Double.toString(confidence));
  }

  @ParameterizedTest
  @CsvSource({"NaN,0.2", "0.1,NaN", "0,0.2", "0.2,0.2", "0.2,0.1", "0.1,Infinity"})
  void thresholds_areRefused_outsideTheirRange(double moderate, double significant) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.withThresholds(moderate, significant))
        .withMessageContaining("thresholds");
  }

  @Test
  void result_refusesImpossibleFigures() {
    var bin = new IntervalBin(0, 1, 1, 1, 1, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PsiResult<>(
                    NAN, List.of(bin), Binning.seed(10), 1, 1, 0, 0, 0.95, 0, DriftVerdict.STABLE))
        .withMessageContaining("index");
    assertThatIllegalArgumentException().isThrownBy(() -> new IntervalBin(1, 0, 1, 1, 1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new IntervalBin(0, NAN, 1, 1, 1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new IntervalBin(0, 1, -1, 1, 1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new CategoryBin("a", 1, 1, 0, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new CategoryBin("a", 1, 1, 1, 1, NAN));
  }

  @Test
  void judge_givesTheResult_ofAnIndexAndItsBins() {
    PopulationStabilityIndex psi =
        PopulationStabilityIndex.standard().withBinning(Binning.referenceQuantiles(4));
    PsiResult<IntervalBin> result =
        psi.compare(LongStream.range(0, 400).toArray(), LongStream.range(100, 500).toArray());

    assertThat(psi.judge(result.index(), result.bins())).isEqualTo(result);
    assertThatThrownBy(() -> psi.judge(0, List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void buckets_areTheNumberGiven() {
    assertThat(Binning.seed(7).buckets()).hasValue(7);
    assertThat(Binning.referenceQuantiles(8).buckets()).hasValue(8);
    assertThat(Binning.equalWidth(9).buckets()).hasValue(9);
    assertThat(Binning.evidently().buckets()).isEmpty();
    assertThat(Binning.custom(0, 1).buckets()).isEmpty();
  }
}
