package ai.pediscreen.telemetry.server.otlp.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from the JSON of OTLP, which is protobuf's own but for this: ids are hexadecimal
 * digits, and an enum is a number. Unknown members are passed over, and so is a wrong order.
 */
public final class JsonMessages {

  /** Deeper values are no telemetry; and a stack must not overflow. */
  private static final int MAX_NESTING = 100;

  private static final int MAX_LENGTH = 16 * 1024 * 1024;
  private static final Set<String> IDS = Set.of("trace_id", "span_id", "parent_span_id");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_LENGTH)
                  .maxNameLength(MAX_LENGTH)
                  .build())
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  private JsonMessages() {}

  static JsonParser parser(byte[] bytes, int from, int length) throws IOException {
    return FACTORY.createParser(bytes, from, length);
  }

  /**
   * Reads an object into a message.
   *
   * @throws UnreadableOtlpException if it is no such object
   */
  public static void merge(byte[] bytes, int from, int length, Message.Builder message)
      throws UnreadableOtlpException {
    try (JsonParser parser = parser(bytes, from, length)) {
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        object(parser, message);
      }
    } catch (IOException | ArithmeticException | IllegalArgumentException e) {
      throw new UnreadableOtlpException("must be an object of OTLP in JSON");
    }
  }

  private static void object(JsonParser parser, Message.Builder message) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT);
    Map<String, FieldDescriptor> fields =
        FIELDS.computeIfAbsent(message.getDescriptorForType(), JsonMessages::fields);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      FieldDescriptor field = fields.get(parser.currentName());
      JsonToken token = parser.nextToken();
      if (field == null || token == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (field.isRepeated()) {
        require(token == JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object value = value(parser, field, message);
          if (value != null) {
            message.addRepeatedField(field, value);
          }
        }
      } else {
        Object value = value(parser, field, message);
        if (value != null) {
          message.setField(field, value);
        }
      }
    }
  }

  /** The value at the parser; null for an enum of a name that is not known. */
  private static @Nullable Object value(
      JsonParser parser, FieldDescriptor field, Message.Builder parent) throws IOException {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        Message.Builder message = parent.newBuilderForField(field);
        object(parser, message);
        yield message.build();
      }
      case STRING -> {
        require(parser.currentToken() == JsonToken.VALUE_STRING);
        yield parser.getText();
      }
      case BOOLEAN -> {
        require(parser.currentToken().isBoolean());
        yield parser.getBooleanValue();
      }
      case BYTE_STRING -> bytes(parser, field);
      case ENUM -> enumValue(parser, field);
      case DOUBLE -> floating(parser);
      case FLOAT -> (float) floating(parser);
      case INT -> (int) whole(parser, field);
      case LONG -> whole(parser, field);
    };
  }

  private static ByteString bytes(JsonParser parser, FieldDescriptor field) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING);
    String text = parser.getText();
    return ByteString.copyFrom(
        IDS.contains(field.getName())
            ? HexFormat.of().parseHex(text)
            : Base64.getDecoder().decode(text));
  }

  private static @Nullable EnumValueDescriptor enumValue(JsonParser parser, FieldDescriptor field)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return field.getEnumType().findValueByName(parser.getText());
    }
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT);
    return field.getEnumType().findValueByNumberCreatingIfUnknown(parser.getIntValue());
  }

  private static double floating(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING
        ? Double.parseDouble(parser.getText())
        : parser.getDoubleValue();
  }

  /** A whole number, as a number or a text, and within the field's bits. */
  private static long whole(JsonParser parser, FieldDescriptor field) throws IOException {
    require(parser.currentToken().isNumeric() || parser.currentToken() == JsonToken.VALUE_STRING);
    String text = parser.getText();
    require(text.length() <= 40);
    BigDecimal number = new BigDecimal(text);
    require(Math.abs((long) number.scale()) <= 40);
    return switch (field.getType()) {
      case UINT32, FIXED32 -> {
        long value = number.longValueExact();
        require(value >= 0 && value <= 0xffff_ffffL);
        yield value;
      }
      case UINT64, FIXED64 -> {
        require(number.signum() >= 0 && number.toBigIntegerExact().bitLength() <= 64);
        yield number.toBigIntegerExact().longValue();
      }
      case INT32, SINT32, SFIXED32 -> number.intValueExact();
      default -> number.longValueExact();
    };
  }

  private static Map<String, FieldDescriptor> fields(Descriptor type) {
    Map<String, FieldDescriptor> fields = new HashMap<>();
    for (FieldDescriptor field : type.getFields()) {
      fields.put(field.getName(), field);
      fields.put(field.getJsonName(), field);
    }
    return fields;
  }

  private static void require(boolean expected) throws IOException {
    if (!expected) {
      throw new IOException("another type of value is expected");
    }
  }
}
