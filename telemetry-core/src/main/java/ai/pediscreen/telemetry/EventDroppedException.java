package ai.pediscreen.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * An event that somebody waits for was dropped. Its message says what the event was refused for, if
 * it was, and its cause is what the store threw last; its own message names no value of the event.
 */
public final class EventDroppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final DropReason reason;

  /** An event was dropped for that reason. */
  public EventDroppedException(DropReason reason) {
    super("the event was dropped: " + requireNonNull(reason, "reason"));
    this.reason = reason;
  }

  EventDroppedException(Drop drop) {
    super(
        "the event was dropped: "
            + drop.reason()
            + (drop.detail() == null ? "" : ", " + drop.detail()),
        drop.cause());
    this.reason = drop.reason();
  }

  /** Why it was dropped. */
  public DropReason reason() {
    return reason;
  }
}
