package ai.pediscreen.telemetry.job;

/**
 * The queue cannot be reached just now. Whether the request was taken is unknown; asking again is
 * safe, and no day is lost by not asking.
 */
public final class JobQueueUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public JobQueueUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
