package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.event.FieldFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event cannot be taken. An answer, not a failure: it has no stack trace. */
public final class RefusedEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String errorCode;
  private final @Nullable String eventId;
  private final String description;
  private final transient List<FieldFault> faults;

  /** An event that could not be read as far as its fields. */
  public RefusedEventException(String errorCode, @Nullable String eventId, String message) {
    super(message, null, false, false);
    this.errorCode = errorCode;
    this.eventId = eventId;
    this.description = message;
    this.faults = List.of();
  }

  /** An event with faults in fields. */
  public RefusedEventException(
      String errorCode, @Nullable String eventId, List<FieldFault> faults) {
    super("has faults", null, false, false);
    this.description = "has faults";
    this.errorCode = errorCode;
    this.eventId = eventId;
    this.faults = List.copyOf(faults);
  }

  /** What kind of fault, in capitals. */
  public String errorCode() {
    return errorCode;
  }

  /** The event's id if that was valid itself; else null, since refused values are not repeated. */
  public @Nullable String eventId() {
    return eventId;
  }

  /** What is wrong, in a sentence without its subject. */
  public String description() {
    return description;
  }

  /** What is wrong with which field; empty if the event could not be read. */
  public List<FieldFault> faults() {
    return faults;
  }
}
