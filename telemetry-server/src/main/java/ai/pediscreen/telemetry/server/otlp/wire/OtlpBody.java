package ai.pediscreen.telemetry.server.otlp.wire;

import com.google.protobuf.Message;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of OTLP: where in its bytes the records are, by resource. Each record is decoded when
 * it is reached, and one that cannot be decoded does not affect its neighbours.
 *
 * <p>Used by one thread at a time; the bytes must not change meanwhile.
 */
public final class OtlpBody {

  /** The records of one resource, each as its place in the bytes. */
  record Group(Resource resource, ByteRanges records) {}

  private final OtlpSignal signal;
  private final OtlpEncoding encoding;
  private final byte[] bytes;
  private final List<Group> groups;

  /** Of each group, the index of its first record. */
  private final int[] firsts;

  private OtlpBody(OtlpSignal signal, OtlpEncoding encoding, byte[] bytes, List<Group> groups) {
    this.signal = signal;
    this.encoding = encoding;
    this.bytes = bytes;
    this.groups = groups;
    this.firsts = new int[groups.size()];
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = firsts[i - 1] + groups.get(i - 1).records().count();
    }
  }

  /**
   * Finds the records of a request.
   *
   * @param bytes the request, as it came but inflated
   * @param length how many of the bytes count
   * @throws UnreadableOtlpException if it is no request of this signal
   */
  public static OtlpBody read(OtlpSignal signal, OtlpEncoding encoding, byte[] bytes, int length)
      throws UnreadableOtlpException {
    return new OtlpBody(
        signal,
        encoding,
        bytes,
        switch (encoding) {
          case PROTOBUF -> ProtobufLayout.groups(bytes, length);
          case JSON -> JsonLayout.groups(signal, bytes, length);
        });
  }

  /** How many records it has. */
  public int records() {
    return groups.stream().mapToInt(group -> group.records().count()).sum();
  }

  /** Where in the bytes a record begins. */
  public int from(int index) {
    return group(index).records().from(index - firsts[place(index)]);
  }

  /** How many bytes a record has. */
  public int length(int index) {
    return group(index).records().length(index - firsts[place(index)]);
  }

  /** What a record in protobuf costs in memory while it is decoded; rather too much. */
  public long messageBytes(int index) {
    return MessageSize.of(
        signal.newRecord().getDescriptorForType(), bytes, from(index), length(index));
  }

  /** The resource of a record. */
  public Resource resource(int index) {
    return group(index).resource();
  }

  /** A {@code Span}, {@code LogRecord} or {@code Metric}; null if it cannot be decoded. */
  public @Nullable Message record(int index) {
    Message.Builder message = signal.newRecord();
    try {
      switch (encoding) {
        case PROTOBUF -> ProtobufLayout.merge(bytes, from(index), length(index), message);
        case JSON -> JsonMessages.merge(bytes, from(index), length(index), message);
      }
    } catch (UnreadableOtlpException e) {
      return null;
    }
    return message.build();
  }

  private Group group(int index) {
    return groups.get(place(index));
  }

  /** The last group that begins at or before a record: those before it may be empty. */
  private int place(int index) {
    int place = Arrays.binarySearch(firsts, index);
    if (place < 0) {
      return -place - 2;
    }
    while (place + 1 < firsts.length && firsts[place + 1] == index) {
      place++;
    }
    return place;
  }
}
