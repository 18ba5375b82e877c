package ai.pediscreen.telemetry.server;

/** The process was told to end before the work was done. */
final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("stopped before it was done");
  }
}
