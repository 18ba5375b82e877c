package ai.pediscreen.telemetry.job;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a job was given up and parked: one line at ERROR of the logger with this class's
 * name, with the exception. An appender for ERROR, or for that logger, gets every parked job once.
 *
 * <p>The line itself quotes nothing of an event. The exception may: do not send its messages to
 * other systems.
 */
public final class ParkedJobs {

  private static final Logger LOG = System.getLogger(ParkedJobs.class.getName());

  private ParkedJobs() {}

  /**
   * Reports a job that is not retried.
   *
   * @param jobId its id
   * @param day the requested day; null if the request names none that can be computed
   * @param attempts how many attempts were made
   * @param error why, as {@link JobFailure#error}, or what is wrong with the request
   * @param thrown what the last attempt threw; null if it threw nothing
   */
  public static void report(
      String jobId,
      @Nullable LocalDate day,
      int attempts,
      String error,
      @Nullable Throwable thrown) {
    LOG.log(
        Level.ERROR,
        "job %s for %s is parked after attempt %d: %s"
            .formatted(jobId, day == null ? "no day" : day, attempts, error),
        thrown);
  }
}
