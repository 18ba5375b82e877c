package ai.pediscreen.telemetry.server.otlp;

import com.google.protobuf.Message;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;

/**
 * A request of OTLP: where in its bytes the records are, by resource. Each record is decoded when
 * it is come to, and a record that cannot be decoded costs its neighbours nothing.
 *
 * <p>Used by one thread at a time; the bytes must not change meanwhile.
 */
public final class OtlpBody {

  /** The records of one resource, each as its place in the bytes. */
  record Group(Resource resource, Places records) {}

  private final OtlpSignal signal;
  private final OtlpEncoding encoding;
  private final byte[] bytes;
  private final List<Group> groups;

  private OtlpBody(OtlpSignal signal, OtlpEncoding encoding, byte[] bytes, List<Group> groups) {
    this.signal = signal;
    this.encoding = encoding;
    this.bytes = bytes;
    this.groups = groups;
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

  /** Shows each record in order. */
  public void forEach(Visitor visitor) {
    for (Group group : groups) {
      for (int i = 0; i < group.records().count(); i++) {
        Message.Builder message = signal.newRecord();
        try {
          int from = group.records().from(i);
          int length = group.records().length(i);
          switch (encoding) {
            case PROTOBUF -> ProtobufLayout.merge(bytes, from, length, message);
            case JSON -> JsonMessages.merge(bytes, from, length, message);
          }
        } catch (UnreadableOtlpException e) {
          visitor.unreadable();
          continue;
        }
        visitor.record(group.resource(), message.build());
      }
    }
  }

  /** Sees the records of a request. */
  public interface Visitor {

    /** A record: a {@code Span}, {@code LogRecord} or {@code Metric}. */
    void record(Resource resource, Message record);

    /** A record that cannot be decoded. */
    void unreadable();
  }
}
