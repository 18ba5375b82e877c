package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An event that waits to be exported. It is passed on as stored: decoding it to a {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent} and encoding that again would cost more than the
 * rest of the export.
 *
 * @param reference which one
 * @param json the event as a JSON object, with the fields of {@link
 *     ai.pediscreen.telemetry.event.TelemetryEvent#toMap}; null if it is deleted, as when its
 *     retention is over
 */
public record WaitingEvent(EventReference reference, @Nullable String json) {

  public WaitingEvent {
    requireNonNull(reference, "reference");
  }

  /** Its content is personal data, and stays out of logs. */
  @Override
  public String toString() {
    return "WaitingEvent[" + reference + "]";
  }
}
