package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.ingest.DecodedSize;
import ai.pediscreen.telemetry.server.http.ingest.EventDocuments;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any bytes as a batch: what a JSON parser takes for an array has the same elements here. */
class BatchFuzzTest {

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .reader();

  @FuzzTest
  void elements_equalThoseOfAParser_andDoNotOverlap(byte[] body) {
    EventDocuments.Span whole = EventDocuments.trimmed(body, body.length);
    assertApart(lines(body, whole), whole);
    if (!EventDocuments.isArray(body, whole)) {
      return;
    }
    List<EventDocuments.Span> elements;
    try {
      elements = EventDocuments.ofArray(body, whole);
    } catch (ProblemException e) {
      assertThat(parsed(body, whole)).as("a parser takes it").isNull();
      return;
    }
    assertApart(elements, whole);
    JsonNode array = parsed(body, whole);
    if (array != null) {
      List<@Nullable JsonNode> found = new ArrayList<>();
      for (EventDocuments.Span element : elements) {
        found.add(parsed(body, element));
        assertThat(DecodedSize.of(body, element)).isPositive();
      }
      assertThat(found).containsExactlyElementsOf(array);
    }
  }

  private static List<EventDocuments.Span> lines(byte[] body, EventDocuments.Span whole) {
    try {
      return EventDocuments.ofLines(body, whole);
    } catch (ProblemException e) {
      return List.of();
    }
  }

  private static void assertApart(List<EventDocuments.Span> spans, EventDocuments.Span whole) {
    int end = whole.from();
    for (EventDocuments.Span span : spans) {
      assertThat(span.from()).isGreaterThanOrEqualTo(end);
      assertThat(span.to()).isBetween(span.from(), whole.to());
      end = span.to();
    }
  }

  /** Null if it is no JSON in UTF-8. */
  private static @Nullable JsonNode parsed(byte[] body, EventDocuments.Span span) {
    try {
      JsonNode node =
          JSON.readTree(new String(body, span.from(), span.length(), StandardCharsets.UTF_8));
      return node.isMissingNode() ? null : node;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }
}
