package ai.pediscreen.telemetry.job;

/**
 * The queue cannot be reached now. Whether the request was queued is unknown; retrying is safe, and
 * no day is lost without it.
 */
public final class JobQueueUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public JobQueueUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
