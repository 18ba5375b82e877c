package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftFeatureTest {

  @ParameterizedTest
  @CsvSource({
    "/response/risk_level,high",
    "/response/scores/0,1",
    "/response/scores/1/deep,2",
    "/a~1b,3",
    "/m~0n,4",
    "/~01,5",
    "/c%d,6",
    "'/ ',7",
    "/by number/7,8",
    "/by number/,9",
  })
  void valueIn_followsThePointer(String pointer, String expected) {
    assertThat(String.valueOf(new DriftFeature(pointer).valueIn(event()))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/response/nothing/below",
        "/response/risk_level/below",
        "/response/scores/2",
        "/response/scores/-",
        "/response/scores/4294967296",
        "/response/scores/first",
        "/null",
        "/null/below"
      })
  void valueIn_isNull_whereThereIsNone(String pointer) {
    assertThat(new DriftFeature(pointer).valueIn(event())).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'',must be a JSON pointer",
    "/,must be a JSON pointer",
    "latency_ms,must be a JSON pointer",
    "response/risk_level,must be a JSON pointer",
    "#/response,must be a JSON pointer",
    "/a~b,must write ~ as ~0",
    "/a~,must write ~ as ~0",
    "/a~2b,must write ~ as ~0",
    "/scores/01,must write the index",
    "/scores/-1,must write the index",
    "/scores/+1,must write the index",
    "/scores/ 1/x,must write the index",
  })
  void invalidPointer_isRefused(String pointer, String message) {
    assertThatThrownBy(() -> new DriftFeature(pointer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void pointersThatAreTooLongOrUnstorable_areRefused() {
    assertThat(new DriftFeature("/" + "x".repeat(255)).path()).hasSize(1);
    assertThatThrownBy(() -> new DriftFeature("/" + "x".repeat(256)))
        .hasMessageStartingWith("must be at most 256");
    assertThatThrownBy(() -> new DriftFeature("/a\u0000b")).hasMessageContaining("control");
    assertThatThrownBy(() -> new DriftFeature("/a\uD83D")).hasMessageContaining("control");
    assertThat(new DriftFeature("/a\uD83D\uDE42").path()).containsExactly("a\uD83D\uDE42");
  }

  private static Map<String, @Nullable Object> event() {
    Map<String, @Nullable Object> event = new HashMap<>();
    event.put(
        "response", Map.of("risk_level", "high", "scores", Arrays.asList(1, Map.of("deep", 2))));
    event.put("a/b", 3);
    event.put("m~n", 4);
    event.put("~1", 5);
    event.put("c%d", 6);
    event.put(" ", 7);
    event.put("by number", Map.of("7", 8, "", 9));
    event.put("null", null);
    event.put("list", List.of());
    return event;
  }
}
