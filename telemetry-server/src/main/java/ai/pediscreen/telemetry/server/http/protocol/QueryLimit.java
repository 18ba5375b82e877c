package ai.pediscreen.telemetry.server.http.protocol;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits how many threads wait for the store at a time, so that a hanging store leaves threads to
 * other routes. Thread-safe.
 */
public final class QueryLimit {

  private final Semaphore questions;

  /**
   * @param questions how many threads may wait
   */
  public QueryLimit(int questions) {
    this.questions = new Semaphore(questions);
  }

  /**
   * Runs a query.
   *
   * @throws ProblemException 503 if too many are running
   */
  public <T> T ask(Supplier<T> question) {
    if (!questions.tryAcquire()) {
      throw Problem.busy("too many queries are running; try again later").exception();
    }
    try {
      return question.get();
    } finally {
      questions.release();
    }
  }
}
