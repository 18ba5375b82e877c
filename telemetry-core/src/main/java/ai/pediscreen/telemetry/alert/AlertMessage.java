package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * What is sent, once for each change: the same id and the same content at each try. It holds no
 * identifier and nothing of an event but the names of models and features. Immutable.
 *
 * @param id its own; a receiver recognises a repeated message by it
 * @param event what has happened
 * @param alert the alert as it was then
 * @param at when it happened
 */
public record AlertMessage(UUID id, Event event, Alert alert, Instant at) {

  /** What has happened. */
  public enum Event {
    /** An alert was opened. */
    OPENED("opened"),
    /** An alert is over. */
    RESOLVED("resolved"),
    /** A test of whether messages arrive. */
    TEST("test");

    private final String label;

    Event(String label) {
      this.label = label;
    }

    /** The name in messages and answers. */
    public String label() {
      return label;
    }
  }

  public AlertMessage {
    requireNonNull(id, "id");
    requireNonNull(event, "event");
    requireNonNull(alert, "alert");
    requireNonNull(at, "at");
  }

  static AlertMessage of(Event event, Alert alert, Instant at) {
    return new AlertMessage(UUID.randomUUID(), event, alert, at);
  }

  /** A test message. */
  public static AlertMessage test(Instant now) {
    return of(
        Event.TEST,
        new Alert(
            UUID.randomUUID(),
            AlertSubject.ofAll(AlertKind.SILENCE),
            now,
            null,
            now,
            null,
            null,
            "This is a test message. Nothing is wrong; alerts will arrive here.",
            null),
        now);
  }

  /** A line that says all in short. */
  public String title() {
    return switch (event) {
      case OPENED -> "Alert " + alert.subject().kind().label() + ": " + alert.subject().name();
      case RESOLVED -> "Resolved " + alert.subject().kind().label() + ": " + alert.subject().name();
      case TEST -> "Test message";
    };
  }
}
