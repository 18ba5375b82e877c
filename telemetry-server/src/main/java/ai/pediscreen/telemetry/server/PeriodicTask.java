package ai.pediscreen.telemetry.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work of the store soon after the start and then again and again. A run that fails is logged,
 * once a minute at most, and the next one tries again.
 */
final class PeriodicTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  /** Soon after the start, and not in its way. */
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
  PeriodicTask(String name, Duration period, Runnable work) {
    this.name = name;
    this.scheduler = Executors.newSingleThreadScheduledExecutor(thread -> new Thread(thread, name));
    this.schedule =
        scheduler.scheduleWithFixedDelay(
            () -> run(work), BEGIN.toSeconds(), period.toSeconds(), TimeUnit.SECONDS);
  }

  /** Starts no more runs; one under way fails when its database is closed. */
  @Override
  public void close() {
    closed = true;
    schedule.cancel(false);
    scheduler.shutdown();
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (closed) {
        LOG.debug("{} was cut off by the end of the program", name, e);
      } else if (warnedNanos == null || System.nanoTime() - warnedNanos > SILENCE.toNanos()) {
        warnedNanos = System.nanoTime();
        LOG.warn("{} failed and is tried again", name, e);
      }
    }
  }
}
