package ai.pediscreen.telemetry.drift;

import static ai.pediscreen.telemetry.drift.DriftAssert.assertThatCategoryDrift;
import static ai.pediscreen.telemetry.drift.DriftAssert.assertThatDrift;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftAssertTest {

  private static final int[] THOUSAND = IntStream.range(0, 1000).toArray();
  private static final int[] SHIFTED = IntStream.range(500, 1500).toArray();

  @Test
  void sameSamples_areStable_andShiftedOnesSignificant() {
    assertThatDrift(THOUSAND, THOUSAND).isStable().isNotSignificant().hasIndexUnder(0.001);
    assertThatDrift(THOUSAND, SHIFTED).isSignificant();
    assertThatDrift(Map.of("low", 900, "high", 100), Map.of("low", 500, "high", 500))
        .isSignificant();
    assertThatCategoryDrift(Collections.nCopies(1000, "low"), Collections.nCopies(1000, "low"))
        .isNotSignificant();
  }

  @Test
  void failureMessage_hasVerdictIndexAndBins() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertThatDrift(THOUSAND, SHIFTED).isStable())
        .withMessageContaining("it is SIGNIFICANT: PSI ")
        .withMessageContaining("1000 reference values")
        .withMessageContaining("IntervalBin[lower=0.0");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertThatDrift(THOUSAND, THOUSAND).isSignificant());
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertThatDrift(THOUSAND, SHIFTED).isNotSignificant());
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertThatDrift(THOUSAND, THOUSAND).hasIndexUnder(0));
  }

  @Test
  void fewValues_areInsufficientData() {
    assertThatDrift(List.of(1, 2, 3), List.of(1, 2, 3)).isNotSignificant();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertThatDrift(List.of(1, 2, 3), List.of(1, 2, 3)).isStable())
        .withMessageContaining("INSUFFICIENT_DATA");
  }
}
