package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** About how many bytes an event takes as JSON, and in memory: enough to keep a bound. */
final class EventSize {

  /** Names of fields, numbers and punctuation. */
  private static final int BASE = 160;

  private static final int NUMBER = 16;
  private static final int QUOTES = 4;

  private EventSize() {}

  static int of(TelemetryEvent event) {
    long size = BASE + text(event.eventId()) + text(event.orgId()) + text(event.app());
    size += text(event.userId()) + text(event.caseId()) + text(event.region());
    size += text(event.agent()) + text(event.traceId());
    Model model = event.model();
    if (model != null) {
      size += text(model.modelId()) + text(model.adapterId()) + text(model.provider());
      size += object(model.additional());
    }
    Response response = event.response();
    size += text(response.fallbackTo()) + text(response.errorCode());
    size += object(response.additional()) + object(event.additional());
    if (event.request() != null) {
      size += object(event.request());
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  private static long object(Map<?, ?> object) {
    if (object.isEmpty()) {
      return 0;
    }
    long size = 2;
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      size += value(entry.getKey()) + value(entry.getValue());
    }
    return size;
  }

  private static long value(@Nullable Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof Map<?, ?> object) {
      return object(object);
    }
    if (value instanceof List<?> array) {
      long size = 2;
      for (Object element : array) {
        size += value(element);
      }
      return size;
    }
    return NUMBER;
  }

  private static long text(@Nullable String text) {
    return text == null ? 0 : text.length() + QUOTES;
  }
}
