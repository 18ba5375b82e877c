package ai.pediscreen.telemetry.server.alert;

/** A message is not known to have arrived. The message of the exception quotes no secret. */
public final class AlertNotSentException extends Exception {
  private static final long serialVersionUID = 1L;

  AlertNotSentException(String reason) {
    super(reason);
  }

  AlertNotSentException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Why, in a few words. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
