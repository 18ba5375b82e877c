package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.ingest.EventDecoder;
import ai.pediscreen.telemetry.server.http.ingest.EventDocuments;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/** Any bytes as one event: refused with a reason, or an event that is read again as it was. */
class EventFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private final EventDecoder decoder = new EventDecoder(PhiGuard.redacting());

  @FuzzTest
  void event_isRefused_orReadBackEqual(byte[] body) throws JsonProcessingException {
    EventDocuments.Span whole = EventDocuments.trimmed(body, body.length);
    ScopedEvent read;
    try {
      read = decoder.decode(Caller.ANYBODY, body, whole);
    } catch (RefusedEventException e) {
      assertThat(e.description()).isNotBlank();
      return;
    }
    TelemetryEvent event = read.event();
    String written = written(event);
    assertThat(written(decoded(written))).isEqualTo(written);
    if (read.json() != null) {
      assertThat(written(decoded(read.json()))).isEqualTo(written);
    }
    assertThat(TelemetryEvent.fromStored(event.toMap())).isEqualTo(event);
  }

  /** As text, in which 25 and 2.5e1 are the same number. */
  private static String written(TelemetryEvent event) throws JsonProcessingException {
    return JSON.writeValueAsString(event.toMap());
  }

  private TelemetryEvent decoded(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    EventDocuments.Span whole = EventDocuments.trimmed(bytes, bytes.length);
    return decoder.decode(Caller.ANYBODY, bytes, whole).event();
  }
}
