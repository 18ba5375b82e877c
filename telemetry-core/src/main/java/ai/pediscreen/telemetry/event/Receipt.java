package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What became of one event that was appended.
 *
 * @param status what happened
 * @param reason why the store refused the event, without any value of it; null unless refused
 */
public record Receipt(Status status, @Nullable String reason) {

  /** What happened to an event. */
  public enum Status {
    /** Now durable, and counted. */
    ACCEPTED,
    /** An event of the same organisation and id was durable already; nothing changed. */
    DUPLICATE,
    /** The store cannot hold it, though it obeys the event rules; nothing changed. */
    REFUSED
  }

  private static final Receipt ACCEPTED = new Receipt(Status.ACCEPTED, null);
  private static final Receipt DUPLICATE = new Receipt(Status.DUPLICATE, null);

  public Receipt {
    requireNonNull(status, "status");
    if ((status == Status.REFUSED) != (reason != null)) {
      throw new IllegalArgumentException("reason must be present exactly when status is REFUSED");
    }
  }

  public static Receipt accepted() {
    return ACCEPTED;
  }

  public static Receipt duplicate() {
    return DUPLICATE;
  }

  public static Receipt refused(String reason) {
    return new Receipt(Status.REFUSED, reason);
  }
}
