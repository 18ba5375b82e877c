package ai.pediscreen.telemetry.remote;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what an event may hold as JSON. */
final class JsonWriter {

  private static final String HEX = "0123456789abcdef";

  private JsonWriter() {}

  /** Appends a map, list, text, number, boolean or null. */
  static void write(StringBuilder out, @Nullable Object value) {
    if (value instanceof String text) {
      text(out, text);
    } else if (value instanceof Map<?, ?> object) {
      object(out, object);
    } else if (value instanceof List<?> array) {
      array(out, array);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
    }
  }

  private static void object(StringBuilder out, Map<?, ?> object) {
    char before = '{';
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      out.append(before);
      text(out, (String) entry.getKey());
      out.append(':');
      write(out, entry.getValue());
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private static void array(StringBuilder out, List<?> array) {
    char before = '[';
    for (Object element : array) {
      out.append(before);
      write(out, element);
      before = ',';
    }
    out.append(before == '[' ? "[]" : "]");
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
