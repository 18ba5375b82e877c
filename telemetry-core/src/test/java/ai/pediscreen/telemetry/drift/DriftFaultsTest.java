package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.usage.spi.LatencyHistogram;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples that were once misjudged, each of which must be seen for what it is. */
class DriftFaultsTest {

  private static final DriftGate GATE = DriftGate.standard();

  @ParameterizedTest(name = "{0} becomes {1}")
  @DisplayName("Few values: SEED's closed last bin joins the two largest")
  @CsvSource({
    // Counts of 1, 2, 3, 4, 5 on either side.
    "'4200 2100 700 0 0', '600 0 400 0 0'",
    "'500 500 1000 3000 2000', '71 71 142 0 716'",
    "'14000 0 0 0 0', '0 2000 0 0 0'",
    "'6930 70 0 0 0', '300 700 0 0 0'",
  })
  void fewValues_areOneBinEach(String reference, String current) {
    CountedValues before = counts(reference);
    CountedValues now = counts(current);
    assertThat(GATE.verdict(DriftEvidence.of(before, now))).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(GATE.verdict(DriftEvidence.of(before, before))).isEqualTo(DriftVerdict.STABLE);
    assertThat(
            PopulationStabilityIndex.standard()
                .withBinning(Binning.eachValue())
                .compare(before, now)
                .index())
        .isGreaterThan(0.2);
  }

  @Test
  void changedConstantLatency_isDrift() {
    CountedValues before = CountedValues.builder().add(0, 14_000).build();
    CountedValues now = CountedValues.builder().add(5_000, 2_000).build();
    assertThat(PopulationStabilityIndex.standard().compare(before, now).index()).isZero();
    assertThat(GATE.verdict(DriftEvidence.of(before, now))).isEqualTo(DriftVerdict.SIGNIFICANT);
  }

  @Test
  @DisplayName("Just below n = 97 no drift was ever certain")
  void tenfoldLatency_isDrift_withNinetyValues() {
    CountedValues.Builder before = CountedValues.builder();
    CountedValues.Builder now = CountedValues.builder();
    for (int i = 1; i <= 630; i++) {
      before.add((long) i, 1);
    }
    for (int i = 1; i <= 90; i++) {
      now.add(70L * i, 1);
    }
    DriftEvidence evidence = DriftEvidence.of(before.build(), now.build());
    assertThat(GATE.verdict(evidence)).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(evidence.medianShift()).isBetween(8.0, 11.0);
  }

  @Test
  void oneUnseenRareCategory_isNoDrift() {
    Map<String, Long> before = Map.of("a", 900L, "b", 700L, "c", 500L);
    Map<String, Long> now = Map.of("a", 128L, "b", 100L, "c", 71L, "rare", 1L);
    assertThat(PopulationStabilityIndex.standard().compareCategories(before, now).index())
        .as("the made-up share of an empty bin decides")
        .isGreaterThan(0.04);
    DriftEvidence evidence = DriftEvidence.ofCategories(before, now);
    assertThat(evidence.pValue()).isGreaterThan(0.05);
    assertThat(evidence.index()).isLessThan(0.01);
    assertThat(GATE.verdict(evidence)).isEqualTo(DriftVerdict.STABLE);
  }

  @ParameterizedTest
  @CsvSource({"100, 5000", "5000, 100"})
  void referenceQuantiles_ofAConstantReference_findDriftUpAndDown(long before, long now) {
    PopulationStabilityIndex psi =
        PopulationStabilityIndex.standard().withBinning(Binning.referenceQuantiles(10));
    CountedValues reference = CountedValues.builder().add(before, 700).build();
    CountedValues current = CountedValues.builder().add(now, 100).build();
    assertThat(psi.compare(reference, current).index()).isGreaterThan(10);
    assertThat(psi.compare(psi.profile(reference), current).index()).isGreaterThan(10);
    assertThat(psi.compare(reference, reference).index()).isZero();
  }

  @Test
  void equalWidth_acceptsTheSmallestRanges() {
    PsiResult<IntervalBin> result =
        PopulationStabilityIndex.standard()
            .withBinning(Binning.equalWidth(5))
            .compare(new double[] {0}, new double[] {1.5e-323});
    assertThat(result.index()).isGreaterThan(10);
    assertThat(result.bins().stream().mapToLong(IntervalBin::currentCount).sum()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"1e155", "1e307", "1e-200", "1e-300"})
  void wasserstein_hasAScale_whateverTheMagnitude(double value) {
    WassersteinDistance distance =
        WassersteinDistance.between(new double[] {0, value}, new double[] {value});
    assertThat(distance.normed()).hasValue(1.0);
  }

  @Test
  void latencyHistogram_isUnchanged_whenACountWouldOverflow() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(10, Long.MAX_VALUE - 1);
    byte[] before = histogram.toBytes();
    assertThatThrownBy(() -> histogram.record(20, 2)).isInstanceOf(ArithmeticException.class);
    assertThat(histogram.toBytes()).isEqualTo(before);
    LatencyHistogram other = new LatencyHistogram();
    other.record(30, 1);
    other.record(20, 1);
    assertThatThrownBy(() -> histogram.merge(other)).isInstanceOf(ArithmeticException.class);
    assertThat(histogram.toBytes()).isEqualTo(before);
  }

  private static CountedValues counts(String counts) {
    CountedValues.Builder values = CountedValues.builder();
    String[] parts = counts.split(" ", -1);
    for (int i = 0; i < parts.length; i++) {
      long count = Long.parseLong(parts[i]);
      if (count > 0) {
        values.add(i + 1L, count);
      }
    }
    return values.build();
  }
}
