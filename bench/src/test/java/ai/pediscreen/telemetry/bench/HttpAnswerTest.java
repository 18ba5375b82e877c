package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class HttpAnswerTest {

  private static final String BUSY =
      "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\n{}";

  @Test
  void completeAnswer_isRead() {
    byte[] bytes = (BUSY + "HTTP").getBytes(ISO_8859_1);
    for (int length = 0; length < BUSY.length(); length++) {
      assertThat(HttpAnswer.parse(bytes, length)).as("%d bytes", length).isNull();
    }
    assertThat(HttpAnswer.parse(bytes, bytes.length))
        .isEqualTo(new HttpAnswer(503, "7", "{}", BUSY.length()));
  }

  @Test
  void answerWithoutLength_isRefused() {
    byte[] bytes = "HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1);
    assertThatIllegalStateException().isThrownBy(() -> HttpAnswer.parse(bytes, bytes.length));
  }

  @Test
  void acceptedEvents_areReadFromTheBody() {
    assertThat(answer(202, "{\"status\":\"accepted\",\"event_id\":\"e-1\"}").accepted(1)).isOne();
    assertThat(answer(202, "{\"status\":\"duplicate\",\"event_id\":\"e-1\"}").accepted(1)).isZero();
    assertThat(
            answer(207, "{\"status\":\"partial\",\"accepted\":12,\"duplicates\":3}").accepted(20))
        .isEqualTo(12);
    assertThat(answer(503, "{\"accepted\":12}").accepted(20)).isZero();
  }

  private static HttpAnswer answer(int status, String body) {
    return new HttpAnswer(status, null, body, body.length());
  }
}
