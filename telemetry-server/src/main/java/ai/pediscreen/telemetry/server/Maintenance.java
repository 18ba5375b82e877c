package ai.pediscreen.telemetry.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the store's maintenance soon after the start and then once an hour. A run that fails is
 * logged, and the next one tries again.
 */
final class Maintenance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  private static final Duration PERIOD = Duration.ofHours(1);

  /** Soon after the start, and not in its way. */
  private static final Duration BEGIN = Duration.ofSeconds(1);

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "maintenance"));
  private final ScheduledFuture<?> schedule;
  private volatile boolean closed;

  Maintenance(Runnable work) {
    this.schedule =
        scheduler.scheduleWithFixedDelay(
            () -> run(work), BEGIN.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
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
        LOG.debug("maintenance was cut off by the end of the program", e);
      } else {
        LOG.warn("maintenance failed and is tried again in an hour", e);
      }
    }
  }
}
