package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpanRequestsTest {

  @Test
  void requests_areCompleteMessages_withDistinctSpans() throws Exception {
    SpanRequests requests =
        new SpanRequests(new SampleSpans(1), 512, new AtomicLong()::getAndIncrement);
    Set<String> ids = new HashSet<>();
    ByteBuffer buffer = ByteBuffer.allocate(16);
    for (int i = 0; i < 3; i++) {
      buffer = requests.next(buffer);
      ExportTraceServiceRequest request = parsed(buffer);
      assertThat(request.getResourceSpansList()).hasSize(20);
      List<Span> spans =
          request.getResourceSpansList().stream()
              .flatMap(group -> group.getScopeSpans(0).getSpansList().stream())
              .toList();
      assertThat(spans).hasSize(512);
      for (Span span : spans) {
        ids.add(span.getTraceId().toString(ISO_8859_1) + span.getSpanId().toString(ISO_8859_1));
        assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
        assertThat(span.getAttributesCount()).isBetween(11, 13);
      }
    }
    assertThat(ids).hasSize(3 * 512);
  }

  private static ExportTraceServiceRequest parsed(ByteBuffer buffer) throws Exception {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    String text = new String(bytes, ISO_8859_1);
    int body = text.indexOf("\r\n\r\n") + 4;
    assertThat(text).contains("Content-Length: " + (bytes.length - body) + "\r\n");
    return ExportTraceServiceRequest.parseFrom(Arrays.copyOfRange(bytes, body, bytes.length));
  }
}
