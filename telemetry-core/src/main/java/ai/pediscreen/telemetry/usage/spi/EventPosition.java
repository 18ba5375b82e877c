package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of found events ended.
 *
 * @param timestamp of the last event
 * @param orgId its organisation, null for none
 * @param eventId its id
 */
public record EventPosition(Instant timestamp, @Nullable String orgId, String eventId) {

  public EventPosition {
    requireNonNull(timestamp, "timestamp");
    requireNonNull(eventId, "eventId");
  }

  /** Where a page ends whose last event is this. */
  public static EventPosition of(TelemetryEvent event) {
    return new EventPosition(event.timestamp(), event.orgId(), event.eventId());
  }
}
