package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds events for tests. To begin with, an event is a call that succeeded at {@link #AT}, of no
 * organisation, no model, no latency and no cost.
 */
public final class EventBuilder {

  /** When an event happens whose test does not care. */
  public static final Instant AT = Instant.parse("2026-03-10T12:00:00Z");

  private final String eventId;
  private Instant timestamp = AT;
  private @Nullable String orgId;
  private @Nullable String modelId;
  private @Nullable String adapterId;
  private @Nullable String provider;
  private @Nullable Long latencyMillis;
  private @Nullable Integer statusCode = 200;
  private @Nullable String fallbackTo;
  private @Nullable String errorCode;
  private @Nullable BigDecimal costUsd;
  private @Nullable String caseId;
  private @Nullable String traceId;
  private final Map<String, @Nullable Object> said = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> asked = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> additional = new LinkedHashMap<>();

  private EventBuilder(String eventId) {
    this.eventId = eventId;
  }

  public static EventBuilder event(String eventId) {
    return new EventBuilder(eventId);
  }

  public EventBuilder at(Instant value) {
    timestamp = value;
    return this;
  }

  /** ISO-8601, in UTC. */
  public EventBuilder at(String value) {
    return at(Instant.parse(value));
  }

  public EventBuilder org(@Nullable String value) {
    orgId = value;
    return this;
  }

  public EventBuilder model(@Nullable String value) {
    modelId = value;
    return this;
  }

  public EventBuilder adapter(@Nullable String value) {
    adapterId = value;
    return this;
  }

  public EventBuilder provider(@Nullable String value) {
    provider = value;
    return this;
  }

  public EventBuilder latency(@Nullable Long millis) {
    latencyMillis = millis;
    return this;
  }

  public EventBuilder status(@Nullable Integer value) {
    statusCode = value;
    return this;
  }

  public EventBuilder fallbackTo(@Nullable String value) {
    fallbackTo = value;
    return this;
  }

  public EventBuilder errorCode(@Nullable String value) {
    errorCode = value;
    return this;
  }

  /** A decimal number of US dollars. */
  public EventBuilder cost(@Nullable String value) {
    costUsd = value == null ? null : new BigDecimal(value);
    return this;
  }

  public EventBuilder caseId(@Nullable String value) {
    caseId = value;
    return this;
  }

  public EventBuilder traceId(@Nullable String value) {
    traceId = value;
    return this;
  }

  /** A field of the response that the contract does not name: what the model said. */
  public EventBuilder says(String field, @Nullable Object value) {
    said.put(field, value);
    return this;
  }

  /** A field of the request. */
  public EventBuilder asks(String field, @Nullable Object value) {
    asked.put(field, value);
    return this;
  }

  /** A field that the contract does not name. */
  public EventBuilder with(String field, @Nullable Object value) {
    additional.put(field, value);
    return this;
  }

  // The compiler of JDK 17 does not read annotations inside types, @Nullable values of a map, from
  // class files.
  @SuppressWarnings("NullAway")
  public TelemetryEvent build() {
    boolean modelNamed = modelId != null || adapterId != null || provider != null;
    return new TelemetryEvent(
        eventId,
        timestamp,
        orgId,
        null,
        null,
        caseId,
        modelNamed ? new Model(modelId, adapterId, provider, Map.of()) : null,
        asked.isEmpty() ? null : asked,
        new Response(latencyMillis, statusCode, fallbackTo, errorCode, said),
        costUsd,
        null,
        null,
        traceId,
        additional);
  }
}
