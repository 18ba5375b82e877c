package ai.pediscreen.telemetry;

import static java.util.Objects.requireNonNull;

/** An event that somebody waits for was dropped. Names no value of it. */
public final class EventDroppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final DropReason reason;

  /** An event was dropped for that reason. */
  public EventDroppedException(DropReason reason) {
    super("the event was dropped: " + requireNonNull(reason, "reason"));
    this.reason = reason;
  }

  /** Why it was dropped. */
  public DropReason reason() {
    return reason;
  }
}
