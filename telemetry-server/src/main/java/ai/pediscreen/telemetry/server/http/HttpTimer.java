package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.http.protocol.FailureLog;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A timer: checks every second for connections that are too slow, and at the shutdown for those
 * still open.
 */
final class HttpTimer implements AutoCloseable {

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "http-watch");
            thread.setDaemon(true);
            return thread;
          });

  void everySecond(Runnable look) {
    if (thread.isShutdown()) {
      return;
    }
    var unused = thread.scheduleWithFixedDelay(() -> run(look), 1, 1, TimeUnit.SECONDS);
  }

  void after(Duration pause, Runnable task) {
    if (thread.isShutdown()) {
      return;
    }
    var unused = thread.schedule(() -> run(task), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A task that throws would not be run again. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      FailureLog.unexpected("http-watch", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
