package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Utf8Test {

  /** Each is the first or last of a range that a rule of RFC 3629 names. */
  private static final int[] NEXT = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

  private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();

  @Test
  void everySequenceOfUpToFourBytes_isJudgedAsTheDecoderOfTheJdkDoes() {
    for (int first = 0; first < 256; first++) {
      assertLikeJdk(first);
      for (int second : NEXT) {
        assertLikeJdk(first, second);
        for (int third : NEXT) {
          assertLikeJdk(first, second, third);
          for (int fourth : NEXT) {
            assertLikeJdk(first, second, third, fourth);
          }
        }
      }
    }
  }

  @Test
  void onlyTheGivenBytes_areJudged() {
    byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA4, (byte) 0xFF};

    assertThat(Utf8.isWellFormed(bytes, 1, 4)).isTrue();
    assertThat(Utf8.isWellFormed(bytes, 1, 3)).isFalse();
    assertThat(Utf8.isWellFormed(bytes, 1, 5)).isFalse();
    assertThat(Utf8.isWellFormed(bytes, 1, 1)).isTrue();
  }

  private void assertLikeJdk(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    boolean expected;
    try {
      jdk.decode(ByteBuffer.wrap(bytes));
      expected = true;
    } catch (CharacterCodingException e) {
      expected = false;
    }
    // AssertJ is too slow to be asked a quarter of a million times.
    if (Utf8.isWellFormed(bytes, 0, bytes.length) != expected) {
      assertThat(bytes).as("should be well-formed: %s", expected).isNull();
    }
  }
}
