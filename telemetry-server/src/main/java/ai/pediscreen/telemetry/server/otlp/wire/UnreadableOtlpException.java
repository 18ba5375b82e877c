package ai.pediscreen.telemetry.server.otlp.wire;

/** A request, or one record of it, is no OTLP. The message never quotes it. */
public final class UnreadableOtlpException extends Exception {

  private static final long serialVersionUID = 1L;

  UnreadableOtlpException(String message) {
    super(message, null, false, false);
  }
}
