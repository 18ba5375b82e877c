package ai.pediscreen.telemetry.event;

/**
 * The store could not be reached, or did not answer in time. The outcome of what was asked is
 * unknown; asking again is safe, since an event counts once however often it is sent.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message) {
    super(message);
  }

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
