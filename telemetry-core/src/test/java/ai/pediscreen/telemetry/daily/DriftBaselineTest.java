package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftBaselineTest {

  @Test
  void unusableValues_areRefused() {
    TreeMap<String, Long> texts =
        IntStream.range(0, 2_000)
            .boxed()
            .collect(
                Collectors.toMap(
                    i -> "text " + i, i -> Long.MAX_VALUE / 100, Long::sum, TreeMap::new));
    assertRefused(new FeatureValues(CountedValues.empty(), texts, 0, 4), "1000000000000 values");
    assertRefused(numbers(-1.7e308), "±1e300");
    assertRefused(numbers(1.7e308), "±1e300");
  }

  private static FeatureValues numbers(double outlier) {
    return new FeatureValues(
        CountedValues.builder().add(0.5, 50).add(outlier, 50).build(), new TreeMap<>(), 0, 4);
  }

  private static void assertRefused(FeatureValues values, String message) {
    DriftSubject subject = new DriftSubject(OrgScope.all(), "m", "/response/confidence");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DriftBaseline("b", subject, null, null, new DayValues(values, 0, 1)))
        .withMessageContaining(message);
  }
}
