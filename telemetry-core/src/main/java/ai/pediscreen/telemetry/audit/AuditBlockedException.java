package ai.pediscreen.telemetry.audit;

import ai.pediscreen.telemetry.event.StoreUnavailableException;

/**
 * The audit log is blocked though the store can be reached: a foreign row is in the place of the
 * next entry. Retrying helps once that row is deleted.
 */
public final class AuditBlockedException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  public AuditBlockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
