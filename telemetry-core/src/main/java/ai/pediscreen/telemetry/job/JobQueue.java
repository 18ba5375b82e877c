package ai.pediscreen.telemetry.job;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Queues requests to compute a day and reports their state. A request is only a hint: losing it
 * loses no day, since the database knows which days are to be computed. Thread-safe.
 */
public interface JobQueue extends AutoCloseable {

  /** Queues the computation of a day and returns at once. */
  Job submit(LocalDate day);

  /** What is known of a job; empty if there was none of that id, or too long ago. */
  Optional<Job> find(String jobId);

  /**
   * How many jobs were given up and are parked.
   *
   * @throws JobQueueUnavailableException if that is not known just now
   */
  long parked();

  /** Whether there is a worker; false if none has reported for some minutes. */
  boolean hasWorker();

  /** Accepts no more; the running job is finished or left to another worker. */
  @Override
  void close();
}
