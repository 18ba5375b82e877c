package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftGateTest {

  @Test
  void verdict_saysWhetherCertaintyOrSizeIsMissing() {
    DriftGate gate = DriftGate.standard();
    assertThat(gate.verdict(new DriftEvidence(0.5, 0.1, 0.01, 0.05)))
        .isEqualTo(DriftVerdict.STABLE);
    assertThat(gate.verdict(new DriftEvidence(0.02, 0.9, null, null)))
        .isEqualTo(DriftVerdict.NOT_CERTAIN);
    assertThat(gate.verdict(new DriftEvidence(1e-9, 0.1, -0.03, 0.09)))
        .isEqualTo(DriftVerdict.NOT_LARGE);
    assertThat(gate.verdict(new DriftEvidence(1e-9, 0.21, null, null)))
        .isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(gate.verdict(new DriftEvidence(1e-9, 0, -0.05, null)))
        .isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(gate.verdict(new DriftEvidence(1e-9, 0, null, 0.11)))
        .isEqualTo(DriftVerdict.SIGNIFICANT);
  }

  @Test
  void pValue_isPearsons_withHalfAValueAddedToEachBin() {
    // Σ (observed − expected)²/expected over the counts and half a value more, by hand.
    DriftEvidence evidence =
        DriftEvidence.ofCategories(Map.of("a", 700L, "b", 300L), Map.of("a", 80L, "b", 60L));
    double statistic = pearson(new double[] {700.5, 300.5}, new double[] {80.5, 60.5});
    assertThat(statistic).isCloseTo(9.49555, within(0.0001));
    assertThat(evidence.pValue()).isCloseTo(0.00205971, within(1e-8));
    // Σ (p − q)·ln(p/q) of the same shares.
    double p = 700.5 / 1001;
    double q = 80.5 / 141;
    assertThat(evidence.index())
        .isCloseTo((p - q) * Math.log(p / q) + (q - p) * Math.log((1 - p) / (1 - q)), within(1e-9));
  }

  @Test
  void pValue_isFishers_whereOnlyOneBinIsLarge() {
    // 0 of 700 against 2 of 100: both rare ones on one side, (100/800)·(99/799), doubled.
    DriftEvidence evidence =
        DriftEvidence.ofCategories(Map.of("a", 700L), Map.of("a", 98L, "b", 2L));
    assertThat(evidence.pValue()).isCloseTo(2 * 100.0 / 800 * 99 / 799, within(1e-9));
    assertThat(DriftEvidence.ofCategories(Map.of("a", 700L), Map.of("a", 100L)).pValue()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"0, 700, 0, 100, 1", "700, 700, 100, 100, 1", "5, 700, 100, 100, 0", "0, 0, 5, 9, 1"})
  void shareTest_comparesTwoShares(long some, long of, long now, long nowOf, double expected) {
    assertThat(ShareTest.pValue(some, of, now, nowOf)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void shareTest_acceptsLargeCounts() {
    assertThat(ShareTest.pValue(1_000_000_000L, 4_000_000_000L, 250_000_000L, 1_000_000_000L))
        .isCloseTo(1, within(1e-6));
    assertThat(ShareTest.pValue(0, 4_000_000_000L, 2, 1_000_000_000L)).isBetween(0.04, 0.1);
    assertThat(ShareTest.pValue(0, 4_000_000_000L, 200, 1_000_000_000L)).isLessThan(1e-100);
  }

  @Test
  void benjaminiHochberg_acceptsUpToTheLastUnderItsLine() {
    // Lines at 1 % of 5: 0.002, 0.004, 0.006, 0.008, 0.01.
    assertThat(FalseDiscoveryRate.passing(new double[] {0.5, 0.0055, 0.001, 0.0045, 0.9}, 0.01))
        .containsExactly(false, true, true, true, false);
    assertThat(FalseDiscoveryRate.passing(new double[] {0.0021, 0.5, 0.5, 0.5, 0.5}, 0.01))
        .containsOnly(false);
    assertThat(FalseDiscoveryRate.passing(new double[0], 0.01)).isEmpty();
    assertThat(FalseDiscoveryRate.passing(new double[] {0, 0}, 0.01)).containsOnly(true);
    assertThatThrownBy(() -> FalseDiscoveryRate.passing(new double[] {Double.NaN}, 0.01))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p-values must be between 0 and 1, but one is NaN");
  }

  @Test
  void rankSum_agreesWithR() {
    // U = 32.5, 21 expected; its variance with ties is 48.19, by hand.
    double pValue =
        RankSum.pValue(
            CountedValues.of(new int[] {1, 2, 2, 3, 5, 6, 7}),
            CountedValues.of(new int[] {2, 4, 6, 8, 8, 9}));
    assertThat(pValue).isCloseTo(0.1130703749579846, within(1e-9));
    assertThat(RankSum.pValue(CountedValues.of(new int[] {1, 1}), CountedValues.of(new int[] {1})))
        .isOne();
  }

  @Test
  void fewNumbers_arePooledInOrder() {
    CountedValues.Builder before = CountedValues.builder();
    for (int i = 0; i < 140; i++) {
      before.add((long) i, 1);
    }
    CountedValues.Builder now = CountedValues.builder();
    for (int i = 0; i < 20; i++) {
      now.add(1_000L + i, 1);
    }
    assertThat(DriftGate.standard().verdict(DriftEvidence.of(before.build(), now.build())))
        .isEqualTo(DriftVerdict.SIGNIFICANT);
  }

  private static double pearson(double[] before, double[] now) {
    double n = before[0] + before[1];
    double m = now[0] + now[1];
    double sum = 0;
    for (int i = 0; i < 2; i++) {
      double share = (before[i] + now[i]) / (n + m);
      sum += Math.pow(before[i] - n * share, 2) / (n * share);
      sum += Math.pow(now[i] - m * share, 2) / (m * share);
    }
    return sum;
  }
}
