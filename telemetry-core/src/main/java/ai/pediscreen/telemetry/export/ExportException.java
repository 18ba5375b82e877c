package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The destination of the export failed. What was sent may have arrived; sending it again is safe.
 */
public final class ExportException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why, as far as it matters for when to retry. */
  public enum Reason {
    /** Too many requests; passes within seconds. */
    RATE_LIMITED,
    /** A fault on the other side; passes. */
    SERVER_ERROR,
    /** Not reached, or no answer in time. */
    UNREACHABLE,
    /** A quota is used up; passes within minutes or hours. */
    QUOTA_EXCEEDED,
    /** Refused until an operator changes something: a permission, a name, credentials. */
    REFUSED
  }

  public ExportException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  public Reason reason() {
    return reason;
  }
}
