package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.job.Daemon;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs the steps of an {@link Exporter} until it is closed. A step that fails is followed by the
 * next.
 *
 * <p>Thread-safe.
 */
public final class ExportThread implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ExportThread.class.getName());
  private static final Duration PAUSE_AFTER_DEFECT = Duration.ofMinutes(1);
  private static final Duration BACKLOG_PERIOD = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Exporter exporter;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "telemetry-export");

  /**
   * Does nothing before {@link #start}.
   *
   * @param queue what is to be exported
   * @param destination where it goes
   * @param busy whether events wait to be stored, which export gives way to
   */
  public ExportThread(ExportQueue queue, EventExporter destination, BooleanSupplier busy) {
    this.exporter = new Exporter(queue, destination, new ExportLog(), busy);
    thread.setDaemon(true);
  }

  /** Starts; returns at once, whether the destination can be reached or not. */
  public void start() {
    thread.start();
  }

  /** What was done and what is queued, at most some seconds old. */
  public ExportFigures figures() {
    return exporter.figures();
  }

  /** Stops; a batch in flight is found by the next exporter. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    Daemon.join(thread, CLOSE_TIMEOUT);
  }

  private void run() {
    long lookedAtNanos = System.nanoTime() - BACKLOG_PERIOD.toNanos();
    try {
      boolean goesOn = true;
      while (goesOn) {
        Duration pause = step();
        if (System.nanoTime() - lookedAtNanos >= BACKLOG_PERIOD.toNanos()) {
          exporter.refreshBacklog();
          lookedAtNanos = System.nanoTime();
        }
        goesOn = !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      // Only close() interrupts.
      Thread.currentThread().interrupt();
    } finally {
      exporter.close();
    }
  }

  private Duration step() {
    try {
      return exporter.step();
    } catch (RuntimeException e) {
      if (closing.getCount() > 0) {
        LOG.log(Level.ERROR, "export failed unexpectedly; restarting in " + PAUSE_AFTER_DEFECT, e);
      }
      exporter.close();
      return PAUSE_AFTER_DEFECT;
    }
  }
}
