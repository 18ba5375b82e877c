package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * {@code POST /v1/traces} with some spans each, in protobuf: a group for each organisation, as a
 * collector sends them. Not thread-safe.
 */
final class SpanRequests implements Requests {

  /** In a request its groups, in a group its resource. */
  private static final int FIRST_FIELD = 1;

  /** In a group its scopes, in a scope its spans. */
  private static final int SECOND_FIELD = 2;

  private static final int HEAD_ROOM = 256;

  private final SampleSpans samples;
  private final int spans;
  private final LongSupplier numbers;
  private final List<List<Long>> byOrganisation = new ArrayList<>();

  /**
   * @param spans in one request
   * @param numbers the number of each next span
   */
  SpanRequests(SampleSpans samples, int spans, LongSupplier numbers) {
    this.samples = samples;
    this.spans = spans;
    this.numbers = numbers;
    for (int i = 0; i < samples.organisations(); i++) {
      byOrganisation.add(new ArrayList<>());
    }
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public int events() {
    return spans;
  }

  @Override
  public ByteBuffer next(ByteBuffer buffer) {
    byOrganisation.forEach(List::clear);
    for (int i = 0; i < spans; i++) {
      long number = numbers.getAsLong();
      byOrganisation.get(samples.organisation(number)).add(number);
    }
    int length = 0;
    for (int organisation = 0; organisation < byOrganisation.size(); organisation++) {
      length += inField(FIRST_FIELD, groupLength(organisation));
    }
    ByteBuffer target =
        buffer.capacity() >= HEAD_ROOM + length
            ? buffer.clear()
            : ByteBuffer.allocate(HEAD_ROOM + length * 5 / 4);
    try {
      write(target.array(), length);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    byte[] head =
        ("POST /v1/traces HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-protobuf"
                + "\r\nContent-Length: "
                + length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    int start = HEAD_ROOM - head.length;
    System.arraycopy(head, 0, target.array(), start, head.length);
    return target.position(start).limit(HEAD_ROOM + length);
  }

  private void write(byte[] target, int length) throws IOException {
    long millis = System.currentTimeMillis();
    CodedOutputStream out = CodedOutputStream.newInstance(target, HEAD_ROOM, length);
    for (int organisation = 0; organisation < byOrganisation.size(); organisation++) {
      begin(out, FIRST_FIELD, groupLength(organisation));
      out.writeByteArray(FIRST_FIELD, samples.resource(organisation));
      begin(out, SECOND_FIELD, scopeLength(organisation));
      for (long number : byOrganisation.get(organisation)) {
        int spanLength = samples.length(number);
        begin(out, SECOND_FIELD, spanLength);
        byte[] span = new byte[spanLength];
        samples.write(number, millis, span, 0);
        out.writeRawBytes(span);
      }
    }
    out.checkNoSpaceLeft();
  }

  private int groupLength(int organisation) {
    return inField(FIRST_FIELD, samples.resource(organisation).length)
        + inField(SECOND_FIELD, scopeLength(organisation));
  }

  private int scopeLength(int organisation) {
    int length = 0;
    for (long number : byOrganisation.get(organisation)) {
      length += inField(SECOND_FIELD, samples.length(number));
    }
    return length;
  }

  private static void begin(CodedOutputStream out, int field, int length) throws IOException {
    out.writeTag(field, 2);
    out.writeUInt32NoTag(length);
  }

  private static int inField(int field, int length) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(length)
        + length;
  }
}
