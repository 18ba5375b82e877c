package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with one field of an event.
 *
 * <p>Neither part ever holds the refused value or a key that the sender chose: events are about
 * children, and a fault travels to logs and error bodies.
 *
 * @param field the contract's name for the field, with dots: {@code response.latency_ms}; {@code
 *     event} where the fault is in the event as a whole or in a field the contract does not name
 * @param message what the field must be, in a sentence without its subject: {@code must be a number
 *     between 0 and 86400000}
 */
public record FieldFault(String field, String message) {

  public FieldFault {
    requireNonNull(field, "field");
    requireNonNull(message, "message");
  }

  @Override
  public String toString() {
    return field + " " + message;
  }
}
