package ai.pediscreen.telemetry.job;

import java.time.LocalDate;

/**
 * Computes the aggregates of one UTC day and stores them. Every request for a day ends here, so
 * there is one code path that computes. Idempotent, and safe to run anywhere at the same time.
 */
@FunctionalInterface
public interface DayComputation {

  /**
   * Computes a day and stores it.
   *
   * @return how many aggregates the day has
   * @throws RuntimeException if it failed; {@link JobFailure} says whether it may be tried again
   */
  int compute(LocalDate day);
}
