package ai.pediscreen.telemetry.server.http.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.http.Gzip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GzipMembersTest {

  @Test
  void members_areReadInOrder() throws IOException {
    assertThat(text(Gzip.members("a", "", "b".repeat(50_000), "c")))
        .isEqualTo("a" + "b".repeat(50_000) + "c");
  }

  @Test
  void manyEmptyMembers_areIgnored() throws IOException {
    byte[] one = Gzip.of("");
    byte[] many = new byte[one.length * 100_000];
    for (int i = 0; i < 100_000; i++) {
      System.arraycopy(one, 0, many, i * one.length, one.length);
    }

    assertThat(text(many)).isEmpty();
  }

  @Test
  void header_canHaveAllItsParts() throws IOException {
    byte[] plain = Gzip.of("text");
    byte[] header = {
      0x1F, (byte) 0x8B, 8, 0x1F, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 'a', 'm', 'e', 0, 'c', 0
    };
    CRC32 checksum = new CRC32();
    checksum.update(header);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(header);
    all.write((int) checksum.getValue());
    all.write((int) checksum.getValue() >> 8);
    all.write(plain, 10, plain.length - 10);

    assertThat(text(all.toByteArray())).isEqualTo("text");

    byte[] damaged = all.toByteArray();
    damaged[13] = 'z';
    assertRefused(damaged);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void damagedMember_isRefused_inAnyPosition(int which) {
    String[] parts = {"one", "two", "three", "four"};
    byte[] whole = Gzip.members(parts);
    int end = 0;
    for (int i = 0; i <= which; i++) {
      end += Gzip.of(parts[i]).length;
    }
    byte[] badChecksum = whole.clone();
    badChecksum[end - 8] ^= 1;
    byte[] badLength = whole.clone();
    badLength[end - 4] ^= 1;
    byte[] badData = whole.clone();
    badData[end - 10] ^= 0x55;

    assertRefused(badChecksum);
    assertRefused(badLength);
    assertRefused(badData);
  }

  @Test
  void truncatedData_isRefused_exceptBetweenMembers() throws IOException {
    byte[] whole = Gzip.members("one", "two");
    int between = Gzip.of("one").length;
    for (int length = 0; length < whole.length; length++) {
      if (length == between) {
        assertThat(text(Arrays.copyOf(whole, length))).isEqualTo("one");
      } else {
        assertRefused(Arrays.copyOf(whole, length));
      }
    }
  }

  @Test
  void trailingData_isRefused_ifItIsNoMember() {
    byte[] whole = Gzip.of("one");

    assertRefused(Arrays.copyOf(whole, whole.length + 1));
    assertRefused(Arrays.copyOf(whole, whole.length + 40));
  }

  @Test
  void changedByte_isRefused_orHasNoEffect() throws IOException {
    Random random = new Random(7);
    String text = "{\"event_id\":\"e\"}".repeat(20);
    byte[] whole = Gzip.members(text, text);
    for (int i = 0; i < 2_000; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        // The time of a file, and on which system it was made, are of no importance.
        assertThat(text(changed)).isEqualTo(text + text);
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  private static String text(byte[] sent) throws IOException {
    try (GzipMembers members = new GzipMembers(new ByteArrayInputStream(sent))) {
      return new String(members.readAllBytes(), UTF_8);
    }
  }

  private static void assertRefused(byte[] sent) {
    assertThatThrownBy(() -> text(sent)).isInstanceOf(IOException.class);
  }
}
