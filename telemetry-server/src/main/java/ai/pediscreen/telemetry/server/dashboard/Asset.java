package ai.pediscreen.telemetry.server.dashboard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One file that a browser loads. Immutable. */
public final class Asset {

  private final String contentType;
  private final byte[] bytes;
  private final String etag;

  private Asset(String contentType, byte[] bytes) {
    this.contentType = contentType;
    this.bytes = bytes;
    // Weak, since the same file may leave compressed or not.
    this.etag = "W/\"" + HexFormat.of().formatHex(sha256(bytes), 0, 16) + "\"";
  }

  /** Reads a resource of the class path, which must be there. */
  static Asset ofResource(String resource, String contentType) {
    try (InputStream in = Asset.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return new Asset(contentType, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  /** The same with another text in the place of a mark. */
  Asset filledIn(String mark, String text) {
    return new Asset(
        contentType,
        new String(bytes, StandardCharsets.UTF_8)
            .replace(mark, text)
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Its media type, with the charset of a text. */
  public String contentType() {
    return contentType;
  }

  /** Changes when the content does. */
  public String etag() {
    return etag;
  }

  /** The content, from its beginning. */
  public InputStream content() {
    return new ByteArrayInputStream(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
