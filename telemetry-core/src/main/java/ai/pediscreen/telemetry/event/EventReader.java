package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNullElse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event from a decoded JSON object. Every rule is tried, so that a sender sees all faults
 * of an event at once. Each known field is taken out of its object; what remains is kept as it
 * came.
 */
final class EventReader {

  /** The field that a fault names when it concerns the event as a whole. */
  static final String EVENT = "event";

  private static final Pattern NUMERIC =
      Pattern.compile("[+-]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][+-]?\\d{1,4})?");

  private final List<FieldFault> faults = new ArrayList<>();
  private final boolean stored;
  private boolean verbatim = true;

  private EventReader(boolean stored) {
    this.stored = stored;
  }

  /**
   * @param stored whether the event was taken before, perhaps when ids could hold invisible
   *     characters
   */
  static ReadEvent read(Map<String, ? extends @Nullable Object> source, boolean stored) {
    EventReader reader = new EventReader(stored);
    TelemetryEvent event = reader.event(new LinkedHashMap<>(source));
    if (event == null) {
      throw new InvalidEventException(reader.faults);
    }
    return new ReadEvent(event, reader.verbatim);
  }

  private @Nullable TelemetryEvent event(Map<String, @Nullable Object> object) {
    String eventId = identifier(object.remove("event_id"));
    Instant timestamp = timestamp(object.remove("timestamp"));
    String orgId = name(object, "", "org_id", TelemetryEvent.MAX_TEXT_LENGTH);
    String app = text(object, "", "app", TelemetryEvent.MAX_TEXT_LENGTH);
    String userId = text(object, "", "user_id", TelemetryEvent.MAX_TEXT_LENGTH);
    String caseId = text(object, "", "case_id", TelemetryEvent.MAX_TEXT_LENGTH);
    Model model = model(object("model", object.remove("model")));
    Map<String, @Nullable Object> request = object("request", object.remove("request"));
    request = request == null ? null : kept("request", request, 1);
    Response response = response(object("response", object.remove("response")));
    BigDecimal cost = cost(object.remove("cost_estimate_usd"));
    String region = text(object, "", "region", TelemetryEvent.MAX_TEXT_LENGTH);
    String agent = text(object, "", "agent", TelemetryEvent.MAX_TEXT_LENGTH);
    String traceId = text(object, "", "trace_id", TelemetryEvent.MAX_TEXT_LENGTH);
    Map<String, @Nullable Object> additional = kept(EVENT, object, 0);
    if (!faults.isEmpty() || eventId == null || timestamp == null) {
      return null;
    }
    return new TelemetryEvent(
        eventId,
        timestamp,
        orgId,
        app,
        userId,
        caseId,
        model,
        request,
        requireNonNullElse(response, Response.UNKNOWN),
        cost,
        region,
        agent,
        traceId,
        additional);
  }

  private @Nullable Model model(@Nullable Map<String, @Nullable Object> object) {
    if (object == null) {
      return null;
    }
    String modelId = name(object, "model.", "model_id", Model.MAX_ID_LENGTH);
    String adapterId = text(object, "model.", "adapter_id", Model.MAX_ID_LENGTH);
    String provider = text(object, "model.", "provider", Model.MAX_PROVIDER_LENGTH);
    Map<String, @Nullable Object> additional = kept("model", object, 1);
    return faults.isEmpty() ? new Model(modelId, adapterId, provider, additional) : null;
  }

  private @Nullable Response response(@Nullable Map<String, @Nullable Object> object) {
    if (object == null) {
      return null;
    }
    Long latencyMillis = latency(object.remove("latency_ms"));
    Integer statusCode = statusCode(object.remove("status_code"));
    String fallbackTo = text(object, "response.", "fallback_to", Response.MAX_FALLBACK_LENGTH);
    String errorCode = text(object, "response.", "error_code", Response.MAX_ERROR_CODE_LENGTH);
    Map<String, @Nullable Object> additional = kept("response", object, 1);
    return faults.isEmpty()
        ? new Response(latencyMillis, statusCode, fallbackTo, errorCode, additional)
        : null;
  }

  private @Nullable String identifier(@Nullable Object value) {
    if (value == null) {
      fault("event_id", "is required");
      return null;
    }
    if (!(value instanceof String text)) {
      fault("event_id", "must be a string");
      return null;
    }
    if (Rules.hasControl(text)) {
      fault("event_id", "must not contain control characters");
      return null;
    }
    String trimmed = trimmed(text);
    fault("event_id", named(trimmed, Rules.identifier(trimmed, TelemetryEvent.MAX_TEXT_LENGTH)));
    return trimmed;
  }

  /** A text by which something is known. */
  private @Nullable String name(
      Map<String, @Nullable Object> object, String prefix, String name, int maxLength) {
    Object value = object.remove(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      fault(prefix + name, "must be a string");
      return null;
    }
    String trimmed = trimmed(text);
    if (trimmed.isEmpty()) {
      return null;
    }
    fault(prefix + name, named(trimmed, Rules.text(trimmed, maxLength)));
    return trimmed;
  }

  private @Nullable String named(String text, @Nullable String fault) {
    return fault != null || stored ? fault : Rules.visible(text);
  }

  private String trimmed(String text) {
    String trimmed = Rules.trimmed(text);
    verbatim &= trimmed.length() == text.length();
    return trimmed;
  }

  private @Nullable Instant timestamp(@Nullable Object value) {
    if (value == null) {
      fault("timestamp", "is required");
      return null;
    }
    Instant instant = Timestamps.read(value);
    verbatim &= value instanceof String text && text.indexOf('-') > 0;
    fault("timestamp", instant == null ? Timestamps.RULE : null);
    return instant;
  }

  private @Nullable String text(
      Map<String, @Nullable Object> object, String prefix, String name, int maxLength) {
    Object value = object.remove(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      fault(prefix + name, "must be a string");
      return null;
    }
    if (text.isBlank()) {
      verbatim = false;
      return null;
    }
    fault(prefix + name, Rules.text(text, maxLength));
    return text;
  }

  private @Nullable Long latency(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    BigDecimal number = value instanceof Number given ? Json.decimal(given) : null;
    if (number == null || Rules.between(number, 0, Response.MAX_LATENCY_MILLIS, "") != null) {
      fault("response.latency_ms", Rules.mustBeBetween(0, Response.MAX_LATENCY_MILLIS, "a number"));
      return null;
    }
    verbatim &= isWhole(value);
    return number.setScale(0, RoundingMode.DOWN).longValueExact();
  }

  private @Nullable Integer statusCode(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    BigDecimal number = value instanceof Number given ? Json.decimal(given) : null;
    if (number == null
        || Rules.between(number, 0, Response.MAX_STATUS_CODE, "") != null
        || number.stripTrailingZeros().scale() > 0) {
      fault("response.status_code", Rules.mustBeBetween(0, Response.MAX_STATUS_CODE, "an integer"));
      return null;
    }
    verbatim &= isWhole(value);
    return number.intValueExact();
  }

  private @Nullable BigDecimal cost(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text && text.isBlank()) {
      verbatim = false;
      return null;
    }
    BigDecimal number = null;
    if (value instanceof Number given) {
      number = Json.decimal(given);
    } else if (value instanceof String text && isNumber(text)) {
      number = Json.fitsDouble(new BigDecimal(text.strip()));
    }
    verbatim &= value instanceof Number;
    String fault = number == null ? TelemetryEvent.COST_RULE : TelemetryEvent.costFault(number);
    fault("cost_estimate_usd", fault);
    return fault == null ? number : null;
  }

  /** Whether a text is a number that may be read without more thought. */
  static boolean isNumber(String text) {
    return NUMERIC.matcher(text.strip()).matches();
  }

  /**
   * A modifiable copy of an object, or null if there is none; a value of another type is a fault.
   */
  private @Nullable Map<String, @Nullable Object> object(String field, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> source)) {
      fault(field, "must be an object");
      return null;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : source.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        fault(field, "must have strings as keys");
        return null;
      }
      copy.put(key, entry.getValue());
    }
    return copy;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer || value instanceof Long;
  }

  /** What remains is checked here, and not again by the record that it becomes a part of. */
  private Map<String, @Nullable Object> kept(
      String field, Map<String, @Nullable Object> remaining, int nesting) {
    String fault = Json.fault(remaining, nesting);
    fault(field, fault);
    if (fault == null) {
      return CheckedObject.ofChecked(remaining, nesting);
    }
    return Map.of();
  }

  private void fault(String field, @Nullable String message) {
    if (message != null) {
      faults.add(new FieldFault(field, message));
    }
  }
}
