package ai.pediscreen.telemetry.bigquery;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON that a column of type JSON takes: such a column keeps whole numbers of 64 bits and
 * doubles, and refuses a number that neither can hold without loss. Those are rounded to a double;
 * the exact cost has a column of its own.
 */
final class JsonText {

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private JsonText() {}

  /** The text of an object. */
  static String of(Map<String, ? extends @Nullable Object> object) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      write(json, object);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return text.toString();
  }

  private static void write(JsonWriter json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      json.beginObject();
      for (Map.Entry<?, ?> entry : object.entrySet()) {
        json.name(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.endObject();
    } else if (value instanceof List<?> array) {
      json.beginArray();
      for (Object element : array) {
        write(json, element);
      }
      json.endArray();
    } else if (value instanceof Number number) {
      json.value(number(number));
    } else if (value instanceof Boolean truth) {
      json.value(truth);
    } else if (value == null) {
      json.nullValue();
    } else {
      json.value(value.toString());
    }
  }

  private static Number number(Number number) {
    if (number instanceof BigInteger integer) {
      return integer.compareTo(MIN) >= 0 && integer.compareTo(MAX) <= 0
          ? integer
          : integer.doubleValue();
    }
    if (number instanceof BigDecimal decimal) {
      return decimal.doubleValue();
    }
    return number;
  }
}
