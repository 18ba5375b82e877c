package ai.pediscreen.telemetry.bigquery;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows of a table, as protobuf or as JSON. A column's number is its place, from 1. */
final class RowFormat<T> {

  /** Most rows have fewer; a larger one costs another piece of memory. */
  private static final int ROW_BYTES = 512;

  private final List<Column<T>> columns;

  RowFormat(List<Column<T>> columns) {
    this.columns = columns;
  }

  /** The descriptor by which the Storage Write API reads {@link #proto}. */
  DescriptorProto descriptor() {
    DescriptorProto.Builder descriptor = DescriptorProto.newBuilder().setName("Row");
    for (int i = 0; i < columns.size(); i++) {
      Column<T> column = columns.get(i);
      descriptor.addField(
          FieldDescriptorProto.newBuilder()
              .setName(column.name())
              .setNumber(i + 1)
              .setType(column.type().protoType())
              .setLabel(
                  column.required()
                      ? FieldDescriptorProto.Label.LABEL_REQUIRED
                      : FieldDescriptorProto.Label.LABEL_OPTIONAL));
    }
    return descriptor.build();
  }

  /** A row in protobuf. */
  ByteString proto(T row) {
    ByteString.Output bytes = ByteString.newOutput(ROW_BYTES);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, ROW_BYTES);
    try {
      for (int i = 0; i < columns.size(); i++) {
        Object value = columns.get(i).value().apply(row);
        if (value != null) {
          write(out, i + 1, value);
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteString();
  }

  /** A row as a JSON object. */
  void json(JsonWriter json, T row) throws IOException {
    json.beginObject();
    for (Column<T> column : columns) {
      Object value = column.value().apply(row);
      if (value != null) {
        json.name(column.name());
        writeJson(json, value);
      }
    }
    json.endObject();
  }

  /** The column that a message of the service speaks of, or null. */
  @Nullable String columnNamedIn(String message) {
    for (Column<T> column : columns) {
      if (message.matches("(?s).*\\b" + column.name() + "\\b.*")) {
        return column.name();
      }
    }
    return null;
  }

  private static void write(CodedOutputStream out, int number, Object value) throws IOException {
    if (value instanceof String text) {
      out.writeString(number, text);
    } else if (value instanceof ByteString utf8) {
      out.writeBytes(number, utf8);
    } else if (value instanceof Long whole) {
      out.writeInt64(number, whole);
    } else if (value instanceof Double real) {
      out.writeDouble(number, real);
    } else {
      throw new IllegalStateException("no column has values of " + value.getClass());
    }
  }

  private static void writeJson(JsonWriter json, Object value) throws IOException {
    if (value instanceof Number number) {
      json.value(number);
    } else {
      json.value(value.toString());
    }
  }
}
