package ai.pediscreen.telemetry.server.http.protocol;

/** Ends a request with a {@link Problem}. An answer, not a failure: it has no stack trace. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
