package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.Tokens;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event's JSON, read once: the fields that have columns of their own, and the whole of it as a
 * column of type JSON takes it. Such a column keeps whole numbers of 64 bits and doubles, and
 * refuses a number that neither can hold without loss. Those are rounded to a double; the exact
 * cost has a column of its own. All else stays as it was written.
 */
final class EventDocument {

  /**
   * What is stored has passed the limits there are, so none of size is set here. Names are not kept
   * in a table: senders could choose some that collide there, and hold up the export of all.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** So many decimal digits come back from a double as they went in. */
  private static final int DOUBLE_DIGITS = 15;

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private final String json;
  private final Part event = new Part();
  private final Part model = new Part();
  private final Part request = new Part();
  private final Part response = new Part();

  /** The payload so far, if a number in it had to be rounded. */
  private @Nullable StringBuilder rounded;

  /** Up to where the JSON was copied to it. */
  private int copied;

  /**
   * Reads an event.
   *
   * @param json a JSON object
   * @throws IllegalArgumentException if it is none
   */
  EventDocument(String json) {
    this.json = json;
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an event must be a JSON object");
      }
      readFields(parser);
    } catch (IOException e) {
      // Its message would quote the event.
      throw new IllegalArgumentException("an event must be JSON: " + e.getClass().getSimpleName());
    }
  }

  /** The event's own fields. */
  Part event() {
    return event;
  }

  /** The fields of {@code model}. */
  Part model() {
    return model;
  }

  /** The fields of {@code response}. */
  Part response() {
    return response;
  }

  /** The tokens that the event names. */
  Tokens tokens() {
    return Tokens.of(request.values, response.values);
  }

  /** The event as a JSON column takes it. */
  ByteString payload() {
    return ByteString.copyFromUtf8(rounded == null ? json : rounded + json.substring(copied));
  }

  private void readFields(JsonParser parser) throws IOException {
    int depth = 1;
    Part within = null;
    for (JsonToken token = parser.nextToken(); depth > 0; token = parser.nextToken()) {
      if (token == null) {
        throw new IllegalArgumentException("an event must be a whole JSON object");
      }
      if (token.isStructStart()) {
        depth++;
        if (depth == 2) {
          within = token == JsonToken.START_OBJECT ? partNamed(parser.currentName()) : null;
        }
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token != JsonToken.FIELD_NAME) {
        Part part = depth == 1 ? event : depth == 2 ? within : null;
        if (part != null) {
          part.put(token, parser);
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
          roundWhole(parser);
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
          roundDecimal(parser);
        }
      }
    }
  }

  private @Nullable Part partNamed(String name) {
    return switch (name) {
      case "model" -> model;
      case "request" -> request;
      case "response" -> response;
      default -> null;
    };
  }

  private void roundWhole(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      BigInteger value = parser.getBigIntegerValue();
      if (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0) {
        replace(parser, value.doubleValue());
      }
    }
  }

  private void roundDecimal(JsonParser parser) throws IOException {
    String text = parser.getText();
    boolean exponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    if (exponent || text.length() > DOUBLE_DIGITS) {
      replace(parser, new BigDecimal(text).doubleValue());
    }
  }

  private void replace(JsonParser parser, double value) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    if (rounded == null) {
      rounded = new StringBuilder(json.length());
    }
    rounded.append(json, copied, start).append(value);
    copied = start + parser.getTextLength();
  }

  /** The texts and numbers of one object. */
  static final class Part {

    private final Map<String, Object> values = new HashMap<>();

    private void put(JsonToken token, JsonParser parser) throws IOException {
      switch (token) {
        case VALUE_STRING -> values.put(parser.currentName(), parser.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
            values.put(
                parser.currentName(),
                token == JsonToken.VALUE_NUMBER_FLOAT
                        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? parser.getDecimalValue()
                    : (Object) parser.getLongValue());
        default -> {
          // No column is a truth value, and null is as good as absent.
        }
      }
    }

    /** The text of that name; null if there is none. */
    @Nullable String text(String name) {
      return values.get(name) instanceof String text ? text : null;
    }

    /** The whole number of that name; null if there is none. */
    @Nullable Long whole(String name) {
      return values.get(name) instanceof Long whole ? whole : null;
    }

    /** The number of that name, exactly as it was written; null if there is none. */
    @Nullable BigDecimal decimal(String name) {
      Object value = values.get(name);
      if (value instanceof Long whole) {
        return BigDecimal.valueOf(whole);
      }
      return value instanceof BigDecimal decimal ? decimal : null;
    }
  }
}
