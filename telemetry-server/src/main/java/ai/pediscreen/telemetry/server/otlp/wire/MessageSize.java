package ai.pediscreen.telemetry.server.otlp.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * What a message of protobuf costs in memory once it is decoded, told from its fields before it is:
 * two bytes become an object, and a field that is not known several.
 */
final class MessageSize {

  /** A message, its place in a list, and a map's entry for an attribute. */
  private static final int MESSAGE_BYTES = 160;

  /** A text or a number of a repeated field. */
  private static final int VALUE_BYTES = 48;

  /** A field of a number that is not known keeps lists for all types. */
  private static final int UNKNOWN_BYTES = 320;

  /** As they came, as a text, and as they are sent to the store. */
  private static final int BYTES_OF_A_BYTE = 3;

  /** As deep as messages are decoded at all. */
  private static final int MAX_NESTING = 100;

  private MessageSize() {}

  /**
   * An estimate that is rather too large; of what is no such message, the part before its fault.
   */
  static long of(Descriptor type, byte[] bytes, int from, int length) {
    return of(type, bytes, from, length, 0);
  }

  private static long of(Descriptor type, byte[] bytes, int from, int length, int nesting) {
    long size = MESSAGE_BYTES;
    if (nesting > MAX_NESTING) {
      return size;
    }
    CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          size += field == null ? UNKNOWN_BYTES : VALUE_BYTES;
          in.skipField(tag);
          continue;
        }
        int partLength = in.readRawVarint32();
        int partFrom = from + in.getTotalBytesRead();
        in.skipRawBytes(partLength);
        if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          size += of(field.getMessageType(), bytes, partFrom, partLength, nesting + 1);
        } else {
          size +=
              (field == null ? UNKNOWN_BYTES : VALUE_BYTES) + (long) BYTES_OF_A_BYTE * partLength;
        }
      }
    } catch (IOException e) {
      // Decoding ends here too.
      return size;
    }
    return size;
  }
}
