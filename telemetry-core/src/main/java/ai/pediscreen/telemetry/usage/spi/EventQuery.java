package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which events are looked for. Of the four names at least one is given; an event must bear all that
 * are.
 *
 * @param org whose events
 * @param eventId the event's own id; null for any
 * @param traceId the trace it belongs to; null for any
 * @param caseId the case it belongs to; null for any
 * @param userId the user it belongs to, as it is stored; null for any
 * @param from the first instant
 * @param until the instant that is no longer part of it; not before {@code from}
 */
public record EventQuery(
    OrgFilter org,
    @Nullable String eventId,
    @Nullable String traceId,
    @Nullable String caseId,
    @Nullable String userId,
    Instant from,
    Instant until) {

  public EventQuery {
    requireNonNull(org, "org");
    if (eventId == null && traceId == null && caseId == null && userId == null) {
      throw new IllegalArgumentException("one of eventId, traceId, caseId, userId must be given");
    }
    if (until.isBefore(from)) {
      throw new IllegalArgumentException(
          "until must not be before from: " + until + " and " + from);
    }
  }

  /** Whether the event is one that is looked for. */
  public boolean includes(TelemetryEvent event) {
    return org.includes(event.orgId())
        && isOrAny(eventId, event.eventId())
        && isOrAny(traceId, event.traceId())
        && isOrAny(caseId, event.caseId())
        && isOrAny(userId, event.userId())
        && !event.timestamp().isBefore(from)
        && event.timestamp().isBefore(until);
  }

  private static boolean isOrAny(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || Objects.equals(wanted, actual);
  }
}
