package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** What costs its sender least and a server most: 10 000 empty events in some 70 bytes of gzip. */
final class RefusedRequests implements Requests {

  private static final int EVENTS = 10_000;

  private final byte[] request;

  /**
   * @param key whose they are
   */
  RefusedRequests(String key) {
    byte[] body = gzip("[" + "{},".repeat(EVENTS - 1) + "{}]");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(
        ("POST /events HTTP/1.1\r\nHost: bench\r\napikey: "
                + key
                + "\r\nContent-Type: application/json\r\n"
                + "Content-Encoding: gzip\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(US_ASCII));
    whole.writeBytes(body);
    this.request = whole.toByteArray();
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public int events() {
    return EVENTS;
  }

  @Override
  public ByteBuffer next(ByteBuffer buffer) {
    return ByteBuffer.wrap(request);
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
