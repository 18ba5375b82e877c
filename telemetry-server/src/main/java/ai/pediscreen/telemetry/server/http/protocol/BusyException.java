package ai.pediscreen.telemetry.server.http.protocol;

/**
 * There is no memory for a request, since others hold it. When to come again depends on how long
 * that has been so. An answer, not a failure: it has no stack trace.
 */
public final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what the sender is told
   */
  BusyException(String message) {
    super(message, null, false, false);
  }
}
