package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The replaced service's figures, recorded from NumPy in {@code golden/psi.json}. */
class GoldenPsiTest {

  private static final double RELATIVE = 1e-12;

  /** One recorded case. */
  @SuppressWarnings("ArrayRecordComponent") // Read only, and compared by nobody.
  record Case(String name, int buckets, double[] reference, double[] current, JsonNode expected) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream json =
        Objects.requireNonNull(GoldenPsiTest.class.getResourceAsStream("/golden/psi.json"))) {
      return StreamSupport.stream(
              new ObjectMapper().readTree(json).get("cases").spliterator(), false)
          .map(
              node ->
                  new Case(
                      node.get("name").asText(),
                      node.get("buckets").asInt(),
                      doubles(node.get("reference")),
                      doubles(node.get("current")),
                      node));
    }
  }

  @Test
  void allRecordedCases_areRead() throws IOException {
    assertThat(cases()).hasSize(45);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void seed_givesTheRecordedFigures(Case golden) {
    var result = seed(golden).compare(golden.reference, golden.current);

    assertThat(edges(result)).containsExactly(doubles(golden.expected.get("edges")));
    assertClose(result.index(), golden.expected.get("psi").asDouble());
    assertClose(result, IntervalBin::referenceShare, golden.expected.get("reference_share"));
    assertClose(result, IntervalBin::currentShare, golden.expected.get("current_share"));
    assertClose(result, IntervalBin::contribution, golden.expected.get("contribution"));
    assertThat(result.referenceCount()).isEqualTo(golden.reference.length);
    assertThat(result.currentCount()).isEqualTo(golden.current.length);
    assertThat(result.binning()).hasToString("SEED(" + golden.buckets + ")");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void seed_givesTheSameBits_fromEveryFormOfTheSample(Case golden) {
    var psi = seed(golden);
    var fromDoubles = psi.compare(golden.reference, golden.current);

    assertThat(psi.compare(CountedValues.of(golden.reference), CountedValues.of(golden.current)))
        .isEqualTo(fromDoubles);
    if (isWhole(golden.reference) && isWhole(golden.current)) {
      assertThat(psi.compare(longs(golden.reference), longs(golden.current)))
          .isEqualTo(fromDoubles);
      assertThat(psi.compare(ints(golden.reference), ints(golden.current))).isEqualTo(fromDoubles);
    }
  }

  private static PopulationStabilityIndex seed(Case golden) {
    return PopulationStabilityIndex.standard().withBinning(Binning.seed(golden.buckets));
  }

  private static void assertClose(
      PsiResult<IntervalBin> result,
      java.util.function.ToDoubleFunction<IntervalBin> figure,
      JsonNode expected) {
    assertThat(result.bins()).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertClose(figure.applyAsDouble(result.bins().get(i)), expected.get(i).asDouble());
    }
  }

  private static void assertClose(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
  }

  private static double[] edges(PsiResult<IntervalBin> result) {
    List<IntervalBin> bins = result.bins();
    return Stream.concat(
            bins.stream().map(IntervalBin::lower), Stream.of(bins.get(bins.size() - 1).upper()))
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static boolean isWhole(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == (int) value);
  }

  private static long[] longs(double[] values) {
    return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
  }

  private static int[] ints(double[] values) {
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }
}
