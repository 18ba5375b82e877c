package ai.pediscreen.telemetry.postgres.usage;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds once a second. A failed fold is logged once, and retried until it succeeds. */
public final class FoldThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FoldThread.class);

  static final Duration PERIOD = Duration.ofSeconds(1);

  /** How long a running fold may take to end at the shutdown. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final UsageFold fold;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "telemetry-fold");
            thread.setDaemon(true);
            return thread;
          });

  // Of the thread.
  private boolean failing;

  private FoldThread(UsageFold fold) {
    this.fold = fold;
  }

  /** Begins to fold. */
  public static FoldThread start(UsageFold fold) {
    FoldThread thread = new FoldThread(fold);
    var unused =
        thread.scheduler.scheduleWithFixedDelay(
            thread::run, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return thread;
  }

  private void run() {
    try {
      fold.run();
      if (failing) {
        failing = false;
        LOG.info("figures are folded again");
      }
    } catch (StoreUnavailableException e) {
      failed("cannot fold figures now; answers stay exact and become slower", e);
    } catch (RuntimeException | Error e) {
      failed("figures cannot be folded", e);
    }
  }

  private void failed(String message, Throwable e) {
    if (!failing) {
      failing = true;
      LOG.warn(message, e);
    }
  }

  /** Starts no more folds. One that does not end in time fails when its database is closed. */
  @Override
  public void close() {
    scheduler.shutdown();
    try {
      if (!scheduler.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("a fold is still under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
