package ai.pediscreen.telemetry.server.otlp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event while it is put together, with absent fields left out. */
final class CallEvent {

  private static final String RESPONSE = "response";

  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
  private final Map<String, Map<String, @Nullable Object>> parts = new LinkedHashMap<>();

  /** Puts a value at a path such as {@code model.model_id}. */
  void put(String path, @Nullable Object value) {
    if (value == null) {
      return;
    }
    int point = path.indexOf('.');
    if (point < 0) {
      fields.put(path, value);
    } else {
      part(path.substring(0, point)).put(path.substring(point + 1), value);
    }
  }

  void put(CallField field, @Nullable Object value) {
    put(field.path(), value);
  }

  void response(String name, @Nullable Object value) {
    if (value != null) {
      part(RESPONSE).put(name, value);
    }
  }

  Map<String, @Nullable Object> toMap() {
    fields.putAll(parts);
    return fields;
  }

  private Map<String, @Nullable Object> part(String name) {
    return parts.computeIfAbsent(name, unused -> new LinkedHashMap<>());
  }
}
