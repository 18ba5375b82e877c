package ai.pediscreen.telemetry.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
  @TempDir Path target;

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void filesDirectoriesAndLinks_areUnpacked() throws Exception {
    unpack(
        entry("lib/", '5', "", ""),
        entry("lib/one.so.1", '0', "one", ""),
        entry("lib/one.so", '2', "", "one.so.1"),
        entry("bin/run", '0', "x".repeat(513), ""),
        entry("lib/one.a", '0', "left out", ""),
        entry("last", '0', "", ""));

    assertThat(target.resolve("lib/one.so")).isSymbolicLink().hasContent("one");
    assertThat(target.resolve("bin/run")).hasSize(513);
    assertThat(Files.isExecutable(target.resolve("bin/run"))).isTrue();
    assertThat(target.resolve("lib/one.a")).doesNotExist();
    assertThat(target.resolve("last")).isEmptyFile();
  }

  @Test
  void pathOutsideTheTarget_isRefused() {
    assertThatThrownBy(() -> unpack(entry("../out", '0', "x", "")))
        .hasMessageContaining("leads out of its directory");
    assertThatThrownBy(() -> unpack(entry("/out", '0', "x", "")))
        .hasMessageContaining("leads out of its directory");
    assertThatThrownBy(() -> unpack(entry("link", '2', "", "../../out")))
        .hasMessageContaining("leads out of its directory");
  }

  @Test
  void truncatedArchive_andUnknownEntries_areRefused() throws Exception {
    byte[] whole = entry("file", '0', "x".repeat(2000), "");
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 1000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut short");
    assertThatThrownBy(() -> unpack(entry("hard", '1', "", "file")))
        .hasMessageContaining("Unexpected entry of type 1");
  }

  private void unpack(byte[]... entries) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      archive.write(entry);
    }
    if (entries.length > 1) {
      archive.write(new byte[1024]);
    }
    TarArchive.unpack(
        new ByteArrayInputStream(archive.toByteArray()), target, name -> !name.endsWith(".a"));
  }

  private static byte[] entry(String name, char type, String content, String link) {
    byte[] body = content.getBytes(StandardCharsets.US_ASCII);
    byte[] entry = new byte[512 + (body.length + 511) / 512 * 512];
    put(entry, 0, name);
    put(entry, 100, "0000755");
    put(entry, 124, String.format("%011o", body.length));
    entry[156] = (byte) type;
    put(entry, 157, link);
    put(entry, 257, "ustar  ");
    System.arraycopy(body, 0, entry, 512, body.length);
    return entry;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
