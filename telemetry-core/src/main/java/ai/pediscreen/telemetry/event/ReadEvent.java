package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

/**
 * An event that was read from JSON.
 *
 * @param event the event
 * @param verbatim whether every field of the contract stood there in the form in which {@link
 *     TelemetryEvent#toMap} has it, so that the JSON can stand for the event: no cost as a text, no
 *     fraction of a latency, no blank text. Null for absent, and any form of an ISO-8601 timestamp,
 *     are taken as the same.
 */
public record ReadEvent(TelemetryEvent event, boolean verbatim) {

  public ReadEvent {
    requireNonNull(event, "event");
  }
}
