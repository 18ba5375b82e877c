package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An event that waits to be exported. It is passed on as it is stored: to make a {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent} of it and a text of that again took longer than all
 * else that is done with it.
 *
 * @param reference which one
 * @param json the event as a JSON object, with the fields of {@link
 *     ai.pediscreen.telemetry.event.TelemetryEvent#toMap}; null if it cannot be had any more, as
 *     when its retention is over
 */
public record WaitingEvent(EventReference reference, @Nullable String json) {

  public WaitingEvent {
    requireNonNull(reference, "reference");
  }

  /** What it says is somebody's data, and stays out of logs. */
  @Override
  public String toString() {
    return "WaitingEvent[" + reference + "]";
  }
}
