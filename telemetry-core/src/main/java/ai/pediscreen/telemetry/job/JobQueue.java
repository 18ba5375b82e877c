package ai.pediscreen.telemetry.job;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Takes requests to compute a day and says what became of them. A request is only a hint: losing it
 * loses no day, since the database knows which days are to be computed. Thread-safe.
 */
public interface JobQueue extends AutoCloseable {

  /** Queues the computation of a day and returns at once. */
  Job submit(LocalDate day);

  /** What is known of a job; empty if there was none of that id, or too long ago. */
  Optional<Job> find(String jobId);

  /**
   * How many jobs were given up and are kept to be looked at.
   *
   * @throws JobQueueUnavailableException if that is not known just now
   */
  long parked();

  /** Whether anybody does the jobs; false if nobody was heard of for some minutes. */
  boolean hasWorker();

  /** Takes no more; what is under way is finished or left to another worker. */
  @Override
  void close();
}
