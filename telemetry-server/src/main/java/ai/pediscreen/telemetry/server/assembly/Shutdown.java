package ai.pediscreen.telemetry.server.assembly;

import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts a command down in order on SIGTERM or Ctrl-C, at any instant: while it starts or works, its
 * thread is interrupted and awaited until it has cleaned up; then the registered parts are closed,
 * the last one first.
 *
 * <p>Thread-safe.
 */
public final class Shutdown {

  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  /** Longer than an embedded PostgreSQL takes to stop; the system's own patience is 30 s or so. */
  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final Thread working = Thread.currentThread();
  private final CountDownLatch settled = new CountDownLatch(1);
  private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();

  private Shutdown() {}

  /** From now on a shutdown interrupts the calling thread. */
  public static Shutdown hooked() {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::end, "shutdown"));
    return shutdown;
  }

  /**
   * Throws if the calling thread was interrupted by a shutdown. Call it between two steps of long
   * work.
   *
   * @throws StoppedException if so
   */
  public static void check() {
    if (Thread.interrupted()) {
      throw new StoppedException();
    }
  }

  /** Registers a part to be closed at the shutdown, before those registered earlier. */
  public void closeAtTheEnd(AutoCloseable part) {
    parts.push(part);
  }

  /** The thread has started what it had to, or done its work: it is not interrupted any more. */
  public void settled() {
    settled.countDown();
  }

  private void end() {
    if (settled.getCount() > 0) {
      working.interrupt();
      try {
        if (!settled.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("work in progress did not end within {} s", LIMIT.toSeconds());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }
}
