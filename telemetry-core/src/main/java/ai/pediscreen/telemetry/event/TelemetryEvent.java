package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model, as the program that made it reports it. Immutable and thread-safe.
 *
 * <p>An event is known by {@code (orgId, eventId)}: sent again, it is the same event. Two figures
 * are derived from it, {@link #isError()} and {@link #isFallback()}.
 *
 * <p>{@link #builder} makes one in a program. {@link #fromMap} reads decoded JSON, and reports all
 * faults at once; builder and constructor throw an {@link InvalidEventException} at the first. No
 * way makes an event that cannot be read back. Only the constructor accepts ids with invisible
 * characters, which earlier events may hold.
 *
 * @param eventId 1 to 128 characters, no control characters; trimmed
 * @param timestamp when the call was made; years 2000 to 2199, cut to microseconds
 * @param orgId organisation, at most 128 characters; trimmed; null for none
 * @param app program that made the call, at most 128 characters
 * @param userId who asked, at most 128 characters
 * @param caseId the screening the call belongs to, at most 128 characters
 * @param model the model that was called; null if the event names none
 * @param request what was asked, kept as it came
 * @param response how the model answered
 * @param costUsd estimated cost in US dollars, 0 to 1 000 000, exact; null if not known
 * @param region where the call was made, at most 128 characters
 * @param agent the part of the program that made the call, at most 128 characters
 * @param traceId distributed trace of the call, at most 128 characters
 * @param additional fields that the contract does not name, kept as they came; none may have the
 *     name of one that it does
 */
public record TelemetryEvent(
    String eventId,
    Instant timestamp,
    @Nullable String orgId,
    @Nullable String app,
    @Nullable String userId,
    @Nullable String caseId,
    @Nullable Model model,
    @Nullable Map<String, @Nullable Object> request,
    Response response,
    @Nullable BigDecimal costUsd,
    @Nullable String region,
    @Nullable String agent,
    @Nullable String traceId,
    Map<String, @Nullable Object> additional) {

  private static final String COST_SOURCE = "cost_source";

  /** Every timestamp is before this. */
  public static final Instant END = Instant.parse("2200-01-01T00:00:00Z");

  static final int MAX_TEXT_LENGTH = 128;
  static final long MAX_COST_USD = 1_000_000;
  static final String COST_RULE = Rules.mustBeBetween(0, MAX_COST_USD, "a number");

  public TelemetryEvent {
    requireNonNull(response, "response");
    eventId = Rules.trimmed(eventId);
    Rules.require("event_id", Rules.identifier(eventId, MAX_TEXT_LENGTH));
    timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
    Rules.require(
        "timestamp",
        timestamp.isBefore(Timestamps.MIN) || timestamp.isAfter(Timestamps.MAX)
            ? Timestamps.RULE
            : null);
    orgId = orgId == null ? null : Rules.trimmed(orgId);
    Rules.require("org_id", Rules.text(orgId, MAX_TEXT_LENGTH));
    Rules.require("app", Rules.text(app, MAX_TEXT_LENGTH));
    Rules.require("user_id", Rules.text(userId, MAX_TEXT_LENGTH));
    Rules.require("case_id", Rules.text(caseId, MAX_TEXT_LENGTH));
    Rules.require("region", Rules.text(region, MAX_TEXT_LENGTH));
    Rules.require("agent", Rules.text(agent, MAX_TEXT_LENGTH));
    Rules.require("trace_id", Rules.text(traceId, MAX_TEXT_LENGTH));
    Rules.require("cost_estimate_usd", costUsd == null ? null : costFault(costUsd));
    request = request == null ? null : CheckedObject.of("request", request, 1, Set.of());
    additional = CheckedObject.of(EventReader.EVENT, additional, 0, Fields.OF_EVENT);
  }

  /**
   * Begins an event.
   *
   * <pre>{@code
   * TelemetryEvent.builder("e-1", now).org("clinic-7").model("medgemma-4b")
   *     .latency(Duration.ofMillis(120)).status(200).build()
   * }</pre>
   *
   * @param eventId 1 to 128 characters; unique within the organisation
   * @param timestamp when the call was made
   */
  public static TelemetryEventBuilder builder(String eventId, Instant timestamp) {
    return new TelemetryEventBuilder(eventId, timestamp);
  }

  /**
   * An id as events bear it: without blanks and invisible characters at its ends. Empty if there is
   * nothing else.
   */
  public static String trimmedId(String id) {
    return Rules.trimmed(id);
  }

  static @Nullable String costFault(BigDecimal costUsd) {
    return Json.fitsDouble(costUsd) == null
        ? COST_RULE
        : Rules.between(costUsd, 0, MAX_COST_USD, "a number");
  }

  /**
   * Reads an event from a decoded JSON object with the field names of the HTTP contract: {@code
   * Map.of("event_id", "e-1", "timestamp", "2026-03-10T12:00:00Z", "response",
   * Map.of("status_code", 200))}. Null and absent mean the same, and a blank optional string is
   * absent. A wrong type is refused, never guessed. Fields that the contract does not name are
   * kept, but for what looks like one that it does: {@code latencyMs}, {@code modle}, or {@code
   * status_code} outside of {@code response} are refused here, as are blank names, and kept by
   * {@link #read}. The {@link #builder} refuses them too.
   *
   * @param object maps, lists, strings, numbers, booleans and nulls; a timestamp may also be an
   *     {@link Instant}. It is not changed, and nothing in it may be changed afterwards.
   * @throws InvalidEventException with every fault of the event
   */
  public static TelemetryEvent fromMap(Map<String, ? extends @Nullable Object> object) {
    TelemetryEvent event = read(requireNonNull(object, "object")).event();
    Fields.requireWellNamed(event);
    return event;
  }

  /**
   * As {@link #read}, for an event that a store has taken: also one from before ids with invisible
   * characters were refused.
   *
   * @throws InvalidEventException with every fault of the event
   */
  public static TelemetryEvent fromStored(Map<String, ? extends @Nullable Object> object) {
    return EventReader.read(object, true).event();
  }

  /**
   * As {@link #fromMap} by the rules of the HTTP contract, which keeps every other field; and says
   * whether the JSON that was decoded to this object can be kept in the event's place.
   *
   * @throws InvalidEventException with every fault of the event
   */
  public static ReadEvent read(Map<String, ? extends @Nullable Object> object) {
    return EventReader.read(object, false);
  }

  /**
   * The event as a JSON object with the field names of the HTTP contract, absent fields left out;
   * {@link #read} reads it back to an equal event. The timestamp is written in UTC.
   */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("event_id", eventId);
    object.put("timestamp", timestamp.toString());
    Json.put(object, "org_id", orgId);
    Json.put(object, "app", app);
    Json.put(object, "user_id", userId);
    Json.put(object, "case_id", caseId);
    if (model != null) {
      Map<String, @Nullable Object> part = new LinkedHashMap<>();
      Json.put(part, "model_id", model.modelId());
      Json.put(part, "adapter_id", model.adapterId());
      Json.put(part, "provider", model.provider());
      part.putAll(model.additional());
      object.put("model", part);
    }
    Json.put(object, "request", request);
    Map<String, @Nullable Object> part = new LinkedHashMap<>();
    Json.put(part, "latency_ms", response.latencyMillis());
    Json.put(part, "status_code", response.statusCode());
    Json.put(part, "fallback_to", response.fallbackTo());
    Json.put(part, "error_code", response.errorCode());
    part.putAll(response.additional());
    object.put("response", part);
    Json.put(object, "cost_estimate_usd", costUsd);
    Json.put(object, "region", region);
    Json.put(object, "agent", agent);
    Json.put(object, "trace_id", traceId);
    object.putAll(additional);
    return object;
  }

  /** The same event as one of an organisation. */
  public TelemetryEvent withOrgId(String value) {
    return new TelemetryEvent(
        eventId,
        timestamp,
        value,
        app,
        userId,
        caseId,
        model,
        request,
        response,
        costUsd,
        region,
        agent,
        traceId,
        additional);
  }

  /**
   * The same event with a cost that was computed of its tokens, which its additional field {@code
   * cost_source} then says: {@code prices}.
   *
   * @param value US dollars, 0 to 1 000 000
   */
  public TelemetryEvent pricedAt(BigDecimal value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(additional);
    more.put(COST_SOURCE, "prices");
    return new TelemetryEvent(
        eventId, timestamp, orgId, app, userId, caseId, model, request, response, value, region,
        agent, traceId, more);
  }

  /** Whether the call failed: its status code is missing or outside 200 to 299. */
  public boolean isError() {
    Integer statusCode = response.statusCode();
    return statusCode == null || statusCode < 200 || statusCode > 299;
  }

  /** Whether a fallback answered in the model's place. */
  public boolean isFallback() {
    return response.fallbackTo() != null;
  }

  /** The tokens that the model read and wrote, as far as the event says. */
  public Tokens tokens() {
    return Tokens.of(request, response.additional());
  }

  /** Whether the call has tokens but no cost. */
  public boolean isUnpriced() {
    return costUsd == null && !tokens().isNone();
  }

  /** Name of the model, or null if the event names none. */
  public @Nullable String modelId() {
    return model == null ? null : model.modelId();
  }

  /** The UTC day on which the call was made. */
  public LocalDate day() {
    return LocalDate.ofInstant(timestamp, ZoneOffset.UTC);
  }

  /** About how many bytes the event takes as JSON, and in memory: enough to keep a bound. */
  public int approximateBytes() {
    return EventSize.ofEvent(this);
  }

  /** What the event was counted under in the summary of errors; null if it is no error. */
  public @Nullable String errorReason() {
    if (!isError()) {
      return null;
    }
    if (response.errorCode() != null) {
      return response.errorCode();
    }
    return response.statusCode() == null ? "unknown" : "http_" + response.statusCode();
  }
}
