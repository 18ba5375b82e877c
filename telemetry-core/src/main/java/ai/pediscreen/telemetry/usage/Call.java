package ai.pediscreen.telemetry.usage;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What a list of errors or fallbacks shows of one event; fields as in {@link TelemetryEvent}. */
public record Call(
    String eventId,
    Instant timestamp,
    @Nullable String orgId,
    @Nullable String modelId,
    @Nullable String errorCode,
    @Nullable Integer statusCode,
    @Nullable String fallbackTo,
    @Nullable Long latencyMillis,
    @Nullable String caseId,
    @Nullable String traceId) {

  /**
   * Newest first, then by event id, then by organisation: texts by code point, as a database with
   * the C collation orders them.
   */
  public static final Comparator<Call> NEWEST_FIRST =
      Comparator.comparing(Call::timestamp)
          .reversed()
          .thenComparing(Call::eventId, UsageQueries.BY_CODE_POINT)
          .thenComparing(
              call -> call.orgId() == null ? "" : call.orgId(), UsageQueries.BY_CODE_POINT);

  /** The call of an event. */
  public static Call of(TelemetryEvent event) {
    return new Call(
        event.eventId(),
        event.timestamp(),
        event.orgId(),
        event.modelId(),
        event.response().errorCode(),
        event.response().statusCode(),
        event.response().fallbackTo(),
        event.response().latencyMillis(),
        event.caseId(),
        event.traceId());
  }
}
