package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventDecoderTest {

  /** Each is the first or last of a range that a rule of RFC 3629 names. */
  private static final int[] NEXT = {'A', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

  private static final String EVENT =
      "{\"event_id\":\"e-1\",\"timestamp\":\"2026-03-10T12:00:00Z\",\"";

  private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
  private final EventDecoder decoder = new EventDecoder(PhiGuard.redacting());

  /** JSON parsers have let overlong forms and encoded surrogates pass; no database does. */
  @ParameterizedTest
  @ValueSource(strings = {EVENT + "x\":\"|\"}", EVENT + "|\":1}"})
  void onlyValidUtf8_isAccepted(String frame) {
    int refused = 0;
    for (int first = 0x80; first < 256; first++) {
      for (int second : NEXT) {
        for (int third : NEXT) {
          for (int fourth : NEXT) {
            byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) fourth};
            if (!isUtf8(bytes)) {
              refused++;
              // AssertJ is too slow to be asked a hundred thousand times.
              if (isReadable(frame, bytes)) {
                assertThat(bytes).as("taken for UTF-8").isNull();
              }
            }
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(100_000);
  }

  @Test
  void charactersOfEveryLength_areAccepted() {
    byte[] bytes = "a\u00e4\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);

    assertThat(isReadable(EVENT + "x\":\"|\"}", bytes)).isTrue();
  }

  private boolean isUtf8(byte[] bytes) {
    try {
      jdk.decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event_id\": \"e\",\n  \"timestamp\": \"2026-03-10 12:00:00.5+01:00\"}",
        "{\"timestamp\":\"2026-03-10\",\"event_id\":\"\\u0065\",\"cost_estimate_usd\":1.50}",
        "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10\",\"org_id\":null,\"request\":{\"a\":1E+2}}",
        "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10\",\"response\":{\"latency_ms\":12}}"
      })
  void unchangedEvent_keepsItsOriginalText(String json) {
    assertThat(decoded(Caller.ANYBODY, json).json()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"timestamp\":1773144000",
        "\"timestamp\":\"1773144000\"",
        "\"timestamp\":\"2026-03-10\",\"app\":\" \"",
        "\"timestamp\":\"2026-03-10\",\"cost_estimate_usd\":\"1.5\"",
        "\"timestamp\":\"2026-03-10\",\"response\":{\"latency_ms\":12.7}",
        "\"timestamp\":\"2026-03-10\",\"response\":{\"status_code\":2e2}",
        "\"timestamp\":\"2026-03-10\",\"request\":{\"note\":\"write to ann@example.org\"}"
      })
  void event_isRewritten_whenRulesOrGuardChangeIt(String fields) {
    assertThat(decoded(Caller.ANYBODY, "{\"event_id\":\"e\"," + fields + "}").json()).isNull();
  }

  @Test
  void event_isRewritten_whenTheKeySetsItsOrganisation() {
    Caller ofClinic = new Caller(OrgPermission.of("clinic-7"), null);
    String json = "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10\"}";

    assertThat(decoded(ofClinic, json).json()).isNull();
    assertThat(decoded(ofClinic, json).event().orgId()).isEqualTo("clinic-7");
    String named = json.replace("}", ",\"org_id\":\"clinic-7\"}");
    assertThat(decoded(ofClinic, named).json()).isEqualTo(named);
  }

  private ScopedEvent decoded(Caller caller, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return decoder.decode(caller, body, EventDocuments.trimmed(body, body.length));
  }

  /** Whether the event is taken with these bytes in the place of the bar. */
  private boolean isReadable(String frame, byte[] bytes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int bar = frame.indexOf('|');
    body.writeBytes(frame.substring(0, bar).getBytes(StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    body.writeBytes(frame.substring(bar + 1).getBytes(StandardCharsets.UTF_8));
    try {
      decoder.decode(
          Caller.ANYBODY,
          body.toByteArray(),
          EventDocuments.trimmed(body.toByteArray(), body.size()));
      return true;
    } catch (RefusedEventException e) {
      return false;
    }
  }
}
