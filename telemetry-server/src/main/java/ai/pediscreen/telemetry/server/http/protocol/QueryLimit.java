package ai.pediscreen.telemetry.server.http.protocol;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets only so many threads wait for the store at a time: a store that hangs leaves threads to
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
   * Asks.
   *
   * @throws ProblemException 503 if too many do
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
