package ai.pediscreen.telemetry.server.otlp.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the records in a request that is protobuf. The resource may come after its records. */
final class ProtobufLayout {

  private ProtobufLayout() {}

  static List<OtlpBody.Group> groups(byte[] bytes, int length) throws UnreadableOtlpException {
    List<OtlpBody.Group> groups = new ArrayList<>();
    try {
      fields(
          bytes,
          0,
          length,
          (field, from, size) -> {
            if (field == OtlpSignal.GROUPS_FIELD) {
              groups.add(group(bytes, from, size));
            }
          });
    } catch (IOException e) {
      throw new UnreadableOtlpException("the body must be one message of OTLP in protobuf");
    }
    return groups;
  }

  static void merge(byte[] bytes, int from, int length, Message.Builder message)
      throws UnreadableOtlpException {
    try {
      message.mergeFrom(bytes, from, length);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadableOtlpException("must be a message of OTLP in protobuf");
    }
  }

  private static OtlpBody.Group group(byte[] bytes, int from, int length) throws IOException {
    Resource.Builder resource = Resource.newBuilder();
    ByteRanges records = new ByteRanges();
    fields(
        bytes,
        from,
        length,
        (field, at, size) -> {
          if (field == OtlpSignal.RESOURCE_FIELD) {
            resource.mergeFrom(bytes, at, size);
          } else if (field == OtlpSignal.SCOPES_FIELD) {
            fields(
                bytes,
                at,
                size,
                (inScope, recordFrom, recordSize) -> {
                  if (inScope == OtlpSignal.RECORDS_FIELD) {
                    records.add(recordFrom, recordSize);
                  }
                });
          }
        });
    return new OtlpBody.Group(resource.build(), records);
  }

  /** Shows the fields of a message that have a length; passes over all others. */
  private static void fields(byte[] bytes, int from, int length, Fields fields) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int size = in.readRawVarint32();
        int at = from + in.getTotalBytesRead();
        in.skipRawBytes(size);
        fields.field(WireFormat.getTagFieldNumber(tag), at, size);
      } else if (!in.skipField(tag)) {
        throw new IOException("a group ends that has not begun");
      }
    }
  }

  private interface Fields {
    void field(int number, int from, int length) throws IOException;
  }
}
