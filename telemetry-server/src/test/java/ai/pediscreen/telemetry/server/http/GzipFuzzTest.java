package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.protocol.GzipMembers;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Any bytes as gzip: refused, or inflated to what the JDK makes of them. And a second member of
 * which one byte was changed: refused, or the change made no difference. The first two bytes say
 * how, and which.
 */
class GzipFuzzTest {

  private static final int LIMIT = 1 << 20;

  @FuzzTest
  void acceptedMembers_inflateAsInTheJdk_andDamagedOnesAreRefused(byte[] data) throws IOException {
    if (data.length < 2) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 2, data.length);
    assertSame(rest);

    byte[] first = Gzip.of("first");
    byte[] second = Gzip.of(new String(rest, ISO_8859_1));
    byte[] members = joined(first, second);
    byte[] inflated = inflated(members);
    members[first.length + (data[1] & 0xff) % second.length] ^= data[0];
    try {
      // Of what the checksums do not cover: flags and times of the header.
      assertThat(inflated(members)).isEqualTo(inflated);
    } catch (IOException e) {
      assertThat(data[0]).isNotZero();
    }
  }

  private static void assertSame(byte[] compressed) throws IOException {
    byte[] inflated;
    try {
      inflated = inflated(compressed);
    } catch (IOException e) {
      return;
    }
    try (GZIPInputStream jdk = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(new String(inflated, ISO_8859_1))
          .isEqualTo(new String(jdk.readNBytes(LIMIT), ISO_8859_1));
    }
  }

  private static byte[] inflated(byte[] compressed) throws IOException {
    try (GzipMembers members = new GzipMembers(new ByteArrayInputStream(compressed))) {
      return members.readNBytes(LIMIT);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
