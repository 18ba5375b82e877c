package ai.pediscreen.telemetry.audit;

import ai.pediscreen.telemetry.event.StoreUnavailableException;

/**
 * The audit log takes no entry, though the store can be reached: somebody has put a row in. Asking
 * again helps once that is gone.
 */
public final class AuditBlockedException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  public AuditBlockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
