package ai.pediscreen.telemetry.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * About how many bytes an event takes as JSON, and in memory: enough to keep a bound. Allocates
 * nothing, since it is called for every recorded event: objects know their size.
 */
final class EventSize {

  /** Names of fields, numbers and punctuation. */
  private static final int BASE = 160;

  private static final int NUMBER = 16;
  private static final int QUOTES = 4;

  private EventSize() {}

  static int ofEvent(TelemetryEvent event) {
    long size = BASE + text(event.eventId()) + text(event.orgId()) + text(event.app());
    size += text(event.userId()) + text(event.caseId()) + text(event.region());
    size += text(event.agent()) + text(event.traceId());
    Model model = event.model();
    if (model != null) {
      size += text(model.modelId()) + text(model.adapterId()) + text(model.provider());
      size += known(model.additional());
    }
    Response response = event.response();
    size += text(response.fallbackTo()) + text(response.errorCode());
    size += known(response.additional()) + known(event.additional());
    if (event.request() != null) {
      size += known(event.request());
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  /** That of a whole object, found by walking through it. */
  static long ofObject(Map<?, ?> object) {
    long size = 2;
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      size += value(entry.getKey()) + value(entry.getValue());
    }
    return size;
  }

  /** Of an object that is part of an event, which makes all of its objects such. */
  private static long known(Map<?, ?> object) {
    return ((CheckedObject) object).size;
  }

  private static long value(@Nullable Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof Map<?, ?> object) {
      return ofObject(object);
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
