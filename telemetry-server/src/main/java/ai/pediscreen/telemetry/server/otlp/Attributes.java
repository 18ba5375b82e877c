package ai.pediscreen.telemetry.server.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The attributes of a record or a resource, by name; of a name that comes twice the first. */
public final class Attributes {

  static final Attributes NONE = new Attributes(List.of());

  /** What no model is called; Spring AI writes it where it knows none. */
  private static final String NO_NAME = "none";

  /** A whole number, as large as any that is read as one. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,15}");

  private final Map<String, AnyValue> values;

  Attributes(List<KeyValue> attributes) {
    this.values = new HashMap<>(attributes.size() * 2);
    for (KeyValue attribute : attributes) {
      values.putIfAbsent(attribute.getKey(), attribute.getValue());
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first of the field's attributes that is a text; blank ones and "none" are no text. */
  @Nullable String text(CallField field) {
    for (String name : field.attributes()) {
      String text = text(name);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  @Nullable String text(String name) {
    AnyValue value = values.get(name);
    if (value == null || !value.hasStringValue()) {
      return null;
    }
    String text = value.getStringValue();
    return text.isBlank() || text.equalsIgnoreCase(NO_NAME) ? null : text;
  }

  /**
   * The first of the field's attributes that is a whole number, not negative; or a text that is
   * one, since what Micrometer observes, and so all of Spring AI's, is sent as text.
   */
  @Nullable Long count(CallField field) {
    for (String name : field.attributes()) {
      AnyValue value = values.get(name);
      if (value != null && value.hasIntValue() && value.getIntValue() >= 0) {
        return value.getIntValue();
      }
      if (value != null && value.hasDoubleValue() && isCount(value.getDoubleValue())) {
        return (long) value.getDoubleValue();
      }
      if (value != null
          && value.hasStringValue()
          && DIGITS.matcher(value.getStringValue()).matches()) {
        return Long.valueOf(value.getStringValue());
      }
    }
    return null;
  }

  /** The first of the field's attributes that is there, as JSON has it. */
  @Nullable Object value(CallField field) {
    for (String name : field.attributes()) {
      AnyValue value = values.get(name);
      if (value != null) {
        return json(value);
      }
    }
    return null;
  }

  /** The value of this name; or, if there is none, all whose names begin with it and a point. */
  @Nullable Object tree(String name) {
    AnyValue value = values.get(name);
    if (value != null) {
      return json(value);
    }
    Map<String, @Nullable Object> below = new LinkedHashMap<>();
    String prefix = name + ".";
    values.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .sorted()
        .forEach(key -> below.put(key.substring(prefix.length()), json(values.get(key))));
    return below.isEmpty() ? null : below;
  }

  private static boolean isCount(double number) {
    return number >= 0 && number <= 1e15 && number == Math.rint(number);
  }

  private static @Nullable Object json(@Nullable AnyValue value) {
    if (value == null) {
      return null;
    }
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE ->
          Double.isFinite(value.getDoubleValue())
              ? (Object) new BigDecimal(Double.toString(value.getDoubleValue()))
              : value.getDoubleValue();
      case ARRAY_VALUE -> {
        List<@Nullable Object> list = new ArrayList<>();
        value.getArrayValue().getValuesList().forEach(element -> list.add(json(element)));
        yield list;
      }
      case KVLIST_VALUE -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        value
            .getKvlistValue()
            .getValuesList()
            .forEach(member -> object.put(member.getKey(), json(member.getValue())));
        yield object;
      }
      // Bytes are not text that could be checked.
      case BYTES_VALUE, VALUE_NOT_SET -> null;
    };
  }
}
