package ai.pediscreen.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * An event whose caller waits for the outcome was dropped. The message says why it was refused, if
 * it was, and names no value of the event; the cause is what the store threw last.
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
