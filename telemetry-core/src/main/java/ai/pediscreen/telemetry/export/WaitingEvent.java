package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits to be exported.
 *
 * @param reference which one
 * @param event the event; null if it cannot be had any more, as when its retention is over
 */
public record WaitingEvent(EventReference reference, @Nullable TelemetryEvent event) {

  public WaitingEvent {
    requireNonNull(reference, "reference");
  }
}
