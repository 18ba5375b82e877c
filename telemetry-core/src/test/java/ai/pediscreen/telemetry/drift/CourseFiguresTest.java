package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures that the package's course gives without another test to hold them. */
class CourseFiguresTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();
  private static final int[] ONE_TO_THREE = IntStream.range(0, 300).map(i -> 1 + i % 3).toArray();
  private static final int[] TWO_TO_FOUR = IntStream.range(0, 300).map(i -> 2 + i % 3).toArray();
  private static final int[] TO_99 = IntStream.range(0, 100).toArray();
  private static final int[] FROM_50 = IntStream.range(50, 150).toArray();

  @ParameterizedTest
  @CsvSource({
    "SEED, 6.3713, 4, 13.6687, 10",
    "REFERENCE_QUANTILES, 6.3713, 4, 8.9549, 10",
    "EQUAL_WIDTH, 8.4779, 10, 10.7670, 10",
    "EVIDENTLY, 5.4062, 4, 7.4145, 9"
  })
  void oneIndex_fourBinnings(
      String binning, double repeated, int repeatedBins, double ramps, int rampsBins) {
    var psi = PSI.withBinning(named(binning));

    var ofRepeated = psi.compare(ONE_TO_THREE, TWO_TO_FOUR);
    var ofRamps = psi.compare(TO_99, FROM_50);

    assertThat(ofRepeated.index()).isCloseTo(repeated, within(5e-5));
    assertThat(ofRepeated.bins()).hasSize(repeatedBins);
    assertThat(ofRamps.index()).isCloseTo(ramps, within(5e-5));
    assertThat(ofRamps.bins()).hasSize(rampsBins);
    assertThat(ofRamps.binning().name()).isEqualTo(binning);
  }

  @Test
  void swapping_changesReferenceQuantiles() {
    var swapped =
        PSI.withBinning(Binning.referenceQuantiles(10)).compare(TWO_TO_FOUR, ONE_TO_THREE);

    assertThat(swapped.index()).isCloseTo(12.2805, within(5e-5));
  }

  @Test
  void oneOutlier_blindsEqualWidth() {
    int[] reference = IntStream.range(100, 1100).toArray();
    int[] current = IntStream.range(400, 1400).toArray();
    int[] withOutlier = current.clone();
    withOutlier[0] = 1_000_000;
    var equalWidth = PSI.withBinning(Binning.equalWidth(10));

    assertThat(equalWidth.compare(reference, current).index()).isCloseTo(6.15, within(5e-3));
    assertThat(equalWidth.compare(reference, withOutlier).index()).isCloseTo(0.0069, within(5e-5));
    assertThat(PSI.compare(reference, current).index()).isCloseTo(7.87, within(5e-3));
    assertThat(PSI.compare(reference, withOutlier).index()).isCloseTo(7.87, within(5e-3));
  }

  @ParameterizedTest
  @CsvSource({"10, 0.455", "1, 0.690", "0, 2.072"})
  void emptyBin_isDecidedByItsReplacementShare(long second, double index) {
    var result =
        PSI.compareCategories(
            Map.of("first", 9000L, "second", 1000L), Map.of("first", 9000L, "second", second));

    assertThat(result.index()).isCloseTo(index, within(5e-4));
  }

  @Test
  void aMillionValues_makeEverythingSignificant() {
    assertThat(PopulationStabilityIndex.criticalValue(0.95, 10, 1_000_000, 1_000_000))
        .isCloseTo(0.00003, within(5e-6));
  }

  @Test
  void insufficientData_isNotStable() {
    var half = PSI.compare(IntStream.range(0, 30).toArray(), IntStream.range(9, 39).toArray());

    assertThat(half.verdict()).isEqualTo(DriftVerdict.INSUFFICIENT_DATA);
    assertThat(half.index()).isCloseTo(6.47, within(5e-3));
    assertThat(PSI.compare(TO_99, FROM_50).verdict()).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(KolmogorovSmirnov.of(TO_99, FROM_50).pValue()).isCloseTo(1e-11, within(1e-13));
  }

  private static Binning named(String name) {
    return switch (name) {
      case "SEED" -> Binning.seed(10);
      case "REFERENCE_QUANTILES" -> Binning.referenceQuantiles(10);
      case "EQUAL_WIDTH" -> Binning.equalWidth(10);
      default -> Binning.evidently();
    };
  }
}
