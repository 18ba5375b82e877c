package ai.pediscreen.telemetry.server.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceIdTest {

  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void requestId_isKept() {
    assertThat(of("x-request-id", "job 7/a")).isEqualTo("job 7/a");
    assertThat(of("x-request-id", "x".repeat(128))).hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "a\nb", "a\rb", "a\tb", "\u00e4", "a\u007f"})
  void unprintableRequestId_isIgnored(String requestId) {
    assertThat(of("x-request-id", requestId)).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jane@example.com", "call 415-555-2671", "MRN: 0012345", "123-45-6789"})
  void requestIdThatMayIdentifyAPerson_isIgnored(String requestId) {
    assertThat(of("x-request-id", requestId)).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later"
      })
  void traceparent_givesItsTraceId(String traceparent) {
    assertThat(of("traceparent", traceparent)).isEqualTo(ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "4bf92f3577b34da6a3ce929d0e0e4736"
      })
  void invalidTraceparent_isIgnored(String traceparent) {
    assertThat(of("traceparent", traceparent)).matches("[0-9a-f]{32}").isNotEqualTo(ID);
  }

  private static String of(String name, String value) {
    return TraceId.of(Map.of(name, value)::get);
  }
}
