package ai.pediscreen.telemetry.event.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event with the leave to write it. One whose sender may not write it cannot be made, so that no
 * store can be given any. Immutable.
 *
 * @param allowed whose events the sender may write
 * @param event one that is allowed
 * @param json the JSON object that the event was read from, if it says just what the event says; a
 *     store may keep these characters. Null to have it written from the event.
 */
public record ScopedEvent(OrgPermission allowed, TelemetryEvent event, @Nullable String json) {

  public ScopedEvent {
    requireNonNull(allowed, "allowed");
    if (!allowed.allows(event.orgId())) {
      throw new IllegalArgumentException(
          "event must belong to the organisation that its sender may write for");
    }
  }

  /** An event that was not read from JSON. */
  public ScopedEvent(OrgPermission allowed, TelemetryEvent event) {
    this(allowed, event, null);
  }

  /** The events of one sender, in order. */
  public static List<ScopedEvent> all(OrgPermission allowed, List<TelemetryEvent> events) {
    return events.stream().map(event -> new ScopedEvent(allowed, event)).toList();
  }
}
