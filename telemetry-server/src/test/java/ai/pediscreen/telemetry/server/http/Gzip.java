package ai.pediscreen.telemetry.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Compresses bodies. */
public final class Gzip {

  private Gzip() {}

  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] of(byte[] bytes) {
    return times(bytes, 1);
  }

  /** Each part as a gzip member of its own, one after the other. */
  public static byte[] members(String... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : parts) {
      all.writeBytes(of(part));
    }
    return all.toByteArray();
  }

  /** So many blanks. */
  public static byte[] blanks(long count) {
    byte[] block = new byte[1024 * 1024];
    Arrays.fill(block, (byte) ' ');
    return times(block, count / block.length);
  }

  private static byte[] times(byte[] block, long count) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      for (long i = 0; i < count; i++) {
        gzip.write(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
