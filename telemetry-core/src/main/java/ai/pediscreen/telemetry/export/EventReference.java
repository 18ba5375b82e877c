package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an event, without its content.
 *
 * @param orgId its organisation; null for none
 * @param eventId its id
 * @param timestamp when its call was made
 */
public record EventReference(@Nullable String orgId, String eventId, Instant timestamp) {

  public EventReference {
    requireNonNull(eventId, "eventId");
    requireNonNull(timestamp, "timestamp");
  }

  /** The reference of an event. */
  public static EventReference of(TelemetryEvent event) {
    return new EventReference(event.orgId(), event.eventId(), event.timestamp());
  }
}
