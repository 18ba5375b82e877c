package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** The same question again and again. */
final class QuestionRequests implements Requests {

  private final byte[] request;

  /**
   * @param path with its query
   */
  QuestionRequests(String path) {
    this.request = ("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(US_ASCII);
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public int events() {
    return 0;
  }

  @Override
  public ByteBuffer next(ByteBuffer buffer) {
    return ByteBuffer.wrap(request);
  }
}
