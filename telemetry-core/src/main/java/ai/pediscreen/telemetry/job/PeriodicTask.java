package ai.pediscreen.telemetry.job;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work of the store shortly after the start and then periodically, on a daemon thread. A
 * failed run is logged, at most once a minute, and the next one tries again.
 */
public final class PeriodicTask implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PeriodicTask.class.getName());

  /** Shortly after the start, so as not to slow it down. */
  private static final Duration BEGIN = Duration.ofSeconds(1);

  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final String name;
  private final ScheduledExecutorService scheduler;
  private final ScheduledFuture<?> schedule;
  private volatile boolean closed;
  private @Nullable Long warnedNanos;

  /**
   * Begins.
   *
   * @param name what the work is called in the log
   * @param period how long after a run the next one begins
   */
  public PeriodicTask(String name, Duration period, Runnable work) {
    this.name = name;
    this.scheduler = Executors.newSingleThreadScheduledExecutor(Daemon.named(name));
    this.schedule =
        scheduler.scheduleWithFixedDelay(
            () -> run(work), BEGIN.toSeconds(), period.toSeconds(), TimeUnit.SECONDS);
  }

  /** Starts no more runs; a running one fails when its database is closed. */
  @Override
  public void close() {
    closed = true;
    schedule.cancel(false);
    scheduler.shutdown();
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      if (closed) {
        LOG.log(Level.DEBUG, name + " was interrupted by the end of the program", e);
      } else if (warnedNanos == null || System.nanoTime() - warnedNanos > SILENCE.toNanos()) {
        warnedNanos = System.nanoTime();
        LOG.log(Level.WARNING, name + " failed; it will run again", e);
      }
    }
  }
}
