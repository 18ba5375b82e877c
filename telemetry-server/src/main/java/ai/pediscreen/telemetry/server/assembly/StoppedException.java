package ai.pediscreen.telemetry.server.assembly;

/** The process was shut down before the work was done. */
public final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("stopped before it was done");
  }
}
