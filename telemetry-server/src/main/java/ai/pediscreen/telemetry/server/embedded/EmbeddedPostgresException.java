package ai.pediscreen.telemetry.server.embedded;

/** The embedded PostgreSQL cannot be started; the message says why and names the directory. */
public final class EmbeddedPostgresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EmbeddedPostgresException(String message) {
    super(message);
  }

  public EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
