package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.privacy.PhiGuard;
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
  void onlyWhatTheJdkTakesForUtf8_isTaken(String frame) {
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
  void charactersOfEveryLength_areTaken() {
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

  /** Whether the event is taken with these bytes in the place of the bar. */
  private boolean isReadable(String frame, byte[] bytes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int bar = frame.indexOf('|');
    body.writeBytes(frame.substring(0, bar).getBytes(StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    body.writeBytes(frame.substring(bar + 1).getBytes(StandardCharsets.UTF_8));
    try {
      decoder.decode(body.toByteArray(), EventDocuments.trimmed(body.toByteArray(), body.size()));
      return true;
    } catch (RefusedEventException e) {
      return false;
    }
  }
}
