package ai.pediscreen.telemetry.server.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipMembersTest {

  private static final String TEXT = "{\"event_id\":\"e\"}\n".repeat(20_000);

  @Test
  void membersAreReadOneAfterTheOther_toTheLastByte() throws IOException {
    assertThat(inflated(joined(gzip(TEXT), gzip(""), gzip("end")))).isEqualTo(TEXT + "end");
  }

  @Test
  void headerWithANameAndExtraField_isPassedOver() throws IOException {
    byte[] plain = gzip("text");
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 4 | 8;
    byte[] extra = {2, 0, 'x', 'y', 'n', 'a', 'm', 'e', 0};

    assertThat(inflated(joined(header, extra, Arrays.copyOfRange(plain, 10, plain.length))))
        .isEqualTo("text");
  }

  @Test
  void everyCut_isAnError_andNeverAnEnd() throws IOException {
    byte[] whole = joined(gzip("first"), gzip("second"));
    int boundary = gzip("first").length;
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length != boundary) {
        assertThatThrownBy(() -> inflated(cut))
            .as("cut at %d", length)
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void memberThatIsDamaged_atItsBeginningOrWithin_isAnError() throws IOException {
    byte[] first = gzip("first");
    for (int at : new int[] {first.length, first.length + 12, first.length - 6}) {
      byte[] damaged = joined(first, gzip("second"));
      damaged[at] ^= 0x55;
      assertThatThrownBy(() -> inflated(damaged)).as("at %d", at).isInstanceOf(IOException.class);
    }
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static String inflated(byte[] bytes) throws IOException {
    try (GzipMembers in = new GzipMembers(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
