package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link TelemetryEvent}, as {@link TelemetryEvent#builder} shows. Null and, for texts,
 * blank mean absent. Not safe for use by several threads at once.
 */
public final class TelemetryEventBuilder {

  private final String eventId;
  private final Instant timestamp;
  private @Nullable String orgId;
  private @Nullable String app;
  private @Nullable String userId;
  private @Nullable String caseId;
  private @Nullable String modelId;
  private @Nullable String adapterId;
  private @Nullable String provider;
  private @Nullable Map<String, @Nullable Object> request;
  private @Nullable Long latencyMillis;
  private @Nullable Integer statusCode;
  private @Nullable String fallbackTo;
  private @Nullable String errorCode;
  private @Nullable BigDecimal costUsd;
  private @Nullable String region;
  private @Nullable String agent;
  private @Nullable String traceId;
  private @Nullable Map<String, @Nullable Object> ofModel;
  private @Nullable Map<String, @Nullable Object> ofResponse;
  private @Nullable Map<String, @Nullable Object> additional;

  TelemetryEventBuilder(String eventId, Instant timestamp) {
    this.eventId = requireNonNull(eventId, "eventId");
    this.timestamp = requireNonNull(timestamp, "timestamp");
  }

  /** Organisation, at most 128 characters. */
  public TelemetryEventBuilder org(@Nullable String value) {
    orgId = value;
    return this;
  }

  /** Program that made the call, at most 128 characters. */
  public TelemetryEventBuilder app(@Nullable String value) {
    app = value;
    return this;
  }

  /** Who asked, at most 128 characters. */
  public TelemetryEventBuilder user(@Nullable String value) {
    userId = value;
    return this;
  }

  /** The screening that the call belongs to, at most 128 characters. */
  public TelemetryEventBuilder caseId(@Nullable String value) {
    caseId = value;
    return this;
  }

  /** Name of the model, at most 256 characters. */
  public TelemetryEventBuilder model(@Nullable String modelId) {
    this.modelId = modelId;
    return this;
  }

  /** Name of the model's fine-tuned adapter, at most 256 characters. */
  public TelemetryEventBuilder adapter(@Nullable String value) {
    adapterId = value;
    return this;
  }

  /** Who serves the model, at most 64 characters. */
  public TelemetryEventBuilder provider(@Nullable String value) {
    provider = value;
    return this;
  }

  /** What was asked: JSON values, in place of what was set before. Copied. */
  public TelemetryEventBuilder request(@Nullable Map<String, ? extends @Nullable Object> value) {
    request = value == null ? null : new LinkedHashMap<>(value);
    return this;
  }

  /** Time to the answer, 0 to a day; milliseconds count, what is finer is cut. */
  public TelemetryEventBuilder latency(@Nullable Duration value) {
    latencyMillis = value == null ? null : millis(value);
    return this;
  }

  /** HTTP status of the answer, 0 to 999; an event without one counts as an error. */
  public TelemetryEventBuilder status(@Nullable Integer value) {
    statusCode = value;
    return this;
  }

  /** What answered in the model's place, at most 256 characters. */
  public TelemetryEventBuilder fallbackTo(@Nullable String value) {
    fallbackTo = value;
    return this;
  }

  /** The caller's name for what went wrong, at most 128 characters. */
  public TelemetryEventBuilder errorCode(@Nullable String value) {
    errorCode = value;
    return this;
  }

  /**
   * Tokens that the model read and wrote, 0 or more: {@code request.input_tokens} and {@code
   * response.output_tokens}.
   */
  public TelemetryEventBuilder tokens(long input, long output) {
    Rules.require("tokens", input < 0 || output < 0 ? "must be 0 or more" : null);
    request = with(request, "input_tokens", input);
    return response("output_tokens", output);
  }

  /** Estimated cost in US dollars, 0 to 1 000 000, exact. */
  public TelemetryEventBuilder costUsd(@Nullable BigDecimal value) {
    costUsd = value;
    return this;
  }

  /**
   * Estimated cost in US dollars, as in {@code "0.0012"}.
   *
   * @throws InvalidEventException if it is no number
   */
  public TelemetryEventBuilder costUsd(@Nullable String value) {
    String text = present(value);
    if (text == null) {
      return costUsd((BigDecimal) null);
    }
    Rules.require(
        "cost_estimate_usd", EventReader.isNumber(text) ? null : TelemetryEvent.COST_RULE);
    return costUsd(new BigDecimal(text.strip()));
  }

  /** Where the call was made, at most 128 characters. */
  public TelemetryEventBuilder region(@Nullable String value) {
    region = value;
    return this;
  }

  /** The part of the program that made the call, at most 128 characters. */
  public TelemetryEventBuilder agent(@Nullable String value) {
    agent = value;
    return this;
  }

  /** Distributed trace of the call, at most 128 characters. */
  public TelemetryEventBuilder trace(@Nullable String value) {
    traceId = value;
    return this;
  }

  /** A field of {@code model} that the contract does not name: a JSON value. */
  public TelemetryEventBuilder model(String name, @Nullable Object value) {
    ofModel = with(ofModel, name, value);
    return this;
  }

  /** A field of {@code response} that the contract does not name: a JSON value. */
  public TelemetryEventBuilder response(String name, @Nullable Object value) {
    ofResponse = with(ofResponse, name, value);
    return this;
  }

  /** A field of the event that the contract does not name: a JSON value. */
  public TelemetryEventBuilder with(String name, @Nullable Object value) {
    additional = with(additional, name, value);
    return this;
  }

  /**
   * The event. The builder may be used further. Refuses what {@link TelemetryEvent#fromMap} does:
   * also additional fields whose name is blank, or looks like that of a field.
   *
   * @throws InvalidEventException naming the first field that breaks a rule, never its value
   */
  public TelemetryEvent build() {
    TelemetryEvent event =
        new TelemetryEvent(
            eventId,
            timestamp,
            present(orgId),
            present(app),
            present(userId),
            present(caseId),
            builtModel(),
            request,
            builtResponse(),
            costUsd,
            present(region),
            present(agent),
            present(traceId),
            orEmpty(additional));
    requireVisible("event_id", event.eventId());
    requireVisible("org_id", event.orgId());
    requireVisible("model.model_id", event.modelId());
    Fields.requireWellNamed(event);
    return event;
  }

  private static void requireVisible(String field, @Nullable String name) {
    Rules.require(field, name == null ? null : Rules.visible(name));
  }

  private @Nullable Model builtModel() {
    String id = present(modelId);
    String adapter = present(adapterId);
    String servedBy = present(provider);
    return id == null && adapter == null && servedBy == null && ofModel == null
        ? null
        : new Model(id, adapter, servedBy, orEmpty(ofModel));
  }

  private Response builtResponse() {
    return new Response(
        latencyMillis, statusCode, present(fallbackTo), present(errorCode), orEmpty(ofResponse));
  }

  /** Whole milliseconds; of what is out of range, any number that is out of range too. */
  private static long millis(Duration value) {
    if (value.isNegative()) {
      return -1;
    }
    return value.toSeconds() > Response.MAX_LATENCY_MILLIS ? Long.MAX_VALUE : value.toMillis();
  }

  private static @Nullable String present(@Nullable String text) {
    return text == null || Rules.trimmed(text).isEmpty() ? null : text;
  }

  private static Map<String, @Nullable Object> orEmpty(
      @Nullable Map<String, @Nullable Object> object) {
    if (object == null) {
      return Map.of();
    }
    return object;
  }

  private static Map<String, @Nullable Object> with(
      @Nullable Map<String, @Nullable Object> object, String name, @Nullable Object value) {
    requireNonNull(name, "name");
    Map<String, @Nullable Object> more = object == null ? new LinkedHashMap<>() : object;
    more.put(name, value);
    return more;
  }
}
