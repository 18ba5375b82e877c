package ai.pediscreen.telemetry.server.alert;

/**
 * A message could not be sent, or its arrival is not known. The exception's message quotes no
 * secret.
 */
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
