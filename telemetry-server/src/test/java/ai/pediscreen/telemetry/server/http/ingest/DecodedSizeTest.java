package ai.pediscreen.telemetry.server.http.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.HttpContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DecodedSizeTest {

  @Test
  void ordinaryEvent_takesAFewTimesItsSize() {
    String event = HttpContract.event("e-1").toString();

    assertThat(size(event)).isBetween(5L * event.length(), 15L * event.length());
  }

  @Test
  void emptyObjects_countWithTheirDecodedSize() {
    String event = "[" + "{},".repeat(10_000) + "{}]";

    assertThat(size(event)).isGreaterThan(10_000 * 60L);
  }

  @Test
  void bracketsInTexts_areText() {
    String text = "\"" + "{[,:\\\"".repeat(1_000) + "\"";

    assertThat(size(text)).isLessThan(4L * text.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", ":", "[", "{:", "\"\\"})
  void invalidJson_countsNoMoreThanValidJson(String part) {
    String nothing = part.repeat(100_000);

    assertThat(size(nothing)).isLessThanOrEqualTo(66L * nothing.length());
  }

  private static long size(String json) {
    byte[] body = json.getBytes(UTF_8);
    return DecodedSize.of(body, new EventDocuments.Span(0, body.length));
  }
}
