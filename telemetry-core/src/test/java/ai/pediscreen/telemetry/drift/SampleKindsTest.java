package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.pediscreen.telemetry.drift.PopulationStabilityIndex.NotFinite;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A sample gives the same figures in whatever form a program holds it. */
class SampleKindsTest {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();
  private static final PopulationStabilityIndex APART =
      PSI.withNotFinite(NotFinite.COUNTED_APART).withBinning(Binning.referenceQuantiles(4));
  private static final int[] A = IntStream.range(0, 800).map(i -> i % 97).toArray();
  private static final int[] B = IntStream.range(0, 500).map(i -> 20 + i % 83).toArray();

  @Test
  void everyKindOfNumber_givesTheSameResult() {
    var expected = PSI.compare(A, B);

    assertThat(PSI.compare(longs(A), longs(B))).isEqualTo(expected);
    assertThat(PSI.compare(doubles(A), doubles(B))).isEqualTo(expected);
    assertThat(PSI.compare(floats(A), floats(B))).isEqualTo(expected);
    assertThat(PSI.compare(A, doubles(B))).isEqualTo(expected);
    assertThat(PSI.compare(doubles(A), B)).isEqualTo(expected);
    assertThat(PSI.compare(longs(A), doubles(B))).isEqualTo(expected);
    assertThat(PSI.compare(doubles(A), longs(B))).isEqualTo(expected);
    assertThat(PSI.compare(boxed(A), Arrays.stream(B).mapToObj(BigDecimal::new).toList()))
        .isEqualTo(expected);
    assertThat(PSI.compare(Arrays.stream(A).mapToObj(i -> (double) i).toList(), boxed(B)))
        .isEqualTo(expected);
  }

  @Test
  void collections_areCheckedLikeArrays() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(List.of(1.0), Set.of(Double.NaN)))
        .withMessage("current[0] is NaN; of 1 values 1 are not finite (1 NaN, 0 infinite)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(List.of(1L, Long.MAX_VALUE), List.of(1L)))
        .withMessage("reference[1] must be within ±2^53, but is 9223372036854775807");
    assertThatNullPointerException()
        .isThrownBy(() -> PSI.compare(List.of(1), Arrays.asList(1, null)))
        .withMessage("current has a null at 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compare(List.<Integer>of(), List.of(1)))
        .withMessageStartingWith("reference ");
    assertThat(APART.compare(new float[] {1, 2}, new float[] {1, Float.NaN}).currentNotFinite())
        .isEqualTo(1);
  }

  @Test
  void categories_areTheSame_asTextsAndAsCountsOfAnyKind() {
    var expected =
        PSI.compareCategories(Map.of("low", 3L, "high", 1L), Map.of("low", 1L, "high", 2L));

    assertThat(
            PSI.compareCategories(
                List.of("low", "low", "high", "low"), List.of("high", "low", "high")))
        .isEqualTo(expected);
    assertThat(
            PSI.compareCategories(
                Map.of("low", 3, "high", 1), Map.of("low", (short) 1, "high", (short) 2)))
        .isEqualTo(expected);
    assertThat(PSI.compareCategories(Map.of("low", 3.0, "high", 1.0), Map.of("low", 1, "high", 2)))
        .isEqualTo(expected);
  }

  @Test
  void categories_areRefused_withFractionsOrNulls() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PSI.compareCategories(Map.of("a", 1), Map.of("a", 0.5)))
        .withMessageContaining("current must have whole counts")
        .withMessageContaining("a has 0.5");
    assertThatNullPointerException()
        .isThrownBy(() -> PSI.compareCategories(Arrays.asList("a", null), List.of("a")))
        .withMessage("reference has a null");
  }

  @Test
  void storedReference_isReadBackEqual_andGivesTheSameBits() {
    double[] reference = {0.1, 0.25, Double.NaN, 1e-300, 7, 9.75, 1.0 / 3};
    double[] current = {0.1, 0.25, 8, Double.POSITIVE_INFINITY, Double.NaN};
    ReferenceProfile profile = APART.profile(reference);

    ReferenceProfile read = ReferenceProfile.parse(profile.toText());

    assertThat(read).isEqualTo(profile);
    assertThat(read.notFinite()).isEqualTo(1);
    var result = APART.compare(read, current);
    assertThat(result).isEqualTo(APART.compare(reference, current));
    assertThat(result.currentNotFinite()).isEqualTo(2);
    assertThat(APART.compare(read, List.<Number>of(0.1, 0.25, 8, Double.NaN, Double.NaN)))
        .isEqualTo(result);
    assertThatIllegalArgumentException().isThrownBy(() -> PSI.compare(read, current));
  }

  @Test
  void storedReference_hasTheDocumentedText() {
    ReferenceProfile profile =
        new ReferenceProfile(
            Binning.referenceQuantiles(4),
            List.of(Double.NEGATIVE_INFINITY, 120.0, 240.0, 480.0, Double.POSITIVE_INFINITY),
            List.of(25L, 25L, 25L, 25L));

    assertThat(profile.toText())
        .isEqualTo(
            """
            psi-reference 1
            binning REFERENCE_QUANTILES 4
            not-finite 0
            edges -Infinity 120.0 240.0 480.0 Infinity
            counts 25 25 25 25
            """);
    ReferenceProfile custom =
        new ReferenceProfile(Binning.custom(0, 1), List.of(0.0, 1.0), List.of(3L), 2);
    assertThat(ReferenceProfile.parse(custom.toText().replace("\n", "\r\n"))).isEqualTo(custom);
  }

  @Test
  void storedReference_isRefused_withTheLineThatIsWrong() {
    String good =
        new ReferenceProfile(Binning.custom(0, 1), List.of(0.0, 1.0), List.of(3L)).toText();

    for (String bad : List.of("", "psi-reference 2", good.replace("reference 1", "reference 9"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ReferenceProfile.parse(bad))
          .withMessageContaining("5 lines");
    }
    refused(good.replace("CUSTOM", "SEED 10"), "line 2");
    refused(good.replace("CUSTOM", "REFERENCE_QUANTILES 0"), "buckets must be between");
    refused(good.replace("0.0 1.0", "1.0 0.0"), "ascend strictly");
    refused(good.replace("0.0 1.0", "0.0 x"), "line 4");
    refused(good.replace("counts 3", "counts -3"), "counts must be at least 0");
    refused(good.replace("counts 3", "counts"), "line 5");
    refused(good.replace("not-finite 0", "not-finite -1"), "notFinite");
  }

  /** Index 33.6 of 100 against 100 values wholly apart: no question that they differ. */
  @Test
  void fewButDisjointValues_areSignificant() {
    int[] low = IntStream.range(0, 100).toArray();
    int[] high = IntStream.range(1000, 1100).toArray();

    assertThat(PSI.compare(low, high).verdict()).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(PSI.compareCategories(Map.of("a", 20), Map.of("b", 20)).verdict())
        .isEqualTo(DriftVerdict.SIGNIFICANT);
    // Three against three differ for certain once in ten times by chance.
    assertThat(PSI.compare(new int[] {1, 2, 3}, new int[] {7, 8, 9}).verdict())
        .isEqualTo(DriftVerdict.INSUFFICIENT_DATA);
  }

  private static void refused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReferenceProfile.parse(text))
        .withMessageContaining(message);
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  private static float[] floats(int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
