package ai.pediscreen.telemetry.export;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The retries of one kind of work, with pauses of its own: days are still exported while events
 * fail, and the other way round. Used by one thread.
 */
final class RetrySchedule {

  private final LongSupplier nanoTime;
  private int failures;
  private long notBefore;

  RetrySchedule(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.notBefore = nanoTime.getAsLong();
  }

  /** How many times it has failed in a row. */
  int failures() {
    return failures;
  }

  /**
   * Does some work unless there is a pause.
   *
   * @param work returns how long to pause after it
   * @param afterFailure what to do after a failure, the last one counted: says how long to pause
   * @param recovered called when the work succeeds after failures
   * @return how long there is nothing to do; zero to be called again at once
   */
  Duration run(
      Supplier<Duration> work,
      Function<ExportException, Duration> afterFailure,
      Runnable recovered) {
    long pause = notBefore - nanoTime.getAsLong();
    if (pause > 0) {
      return Duration.ofNanos(pause);
    }
    Duration next;
    try {
      next = work.get();
      if (failures > 0) {
        failures = 0;
        recovered.run();
      }
    } catch (ExportException e) {
      failures++;
      next = afterFailure.apply(e);
    }
    notBefore = nanoTime.getAsLong() + next.toNanos();
    return next;
  }
}
