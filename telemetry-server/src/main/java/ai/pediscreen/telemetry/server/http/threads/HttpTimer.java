package ai.pediscreen.telemetry.server.http.threads;

import ai.pediscreen.telemetry.server.http.protocol.FailureLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A timer: checks every second for connections that are too slow, and at the shutdown for those
 * still open; ends waits for the store that take too long. Thread-safe.
 */
public final class HttpTimer implements AutoCloseable {

  private final String name;
  private final ScheduledThreadPoolExecutor thread;

  /**
   * Starts no thread yet.
   *
   * @param name of the thread
   */
  public HttpTimer(String name) {
    this.name = name;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Runs it each second from now on, unless closed. */
  public void everySecond(Runnable look) {
    var unused = thread.scheduleWithFixedDelay(() -> run(look), 1, 1, TimeUnit.SECONDS);
  }

  /** Runs it once, unless closed. */
  public void after(Duration pause, Runnable task) {
    var unused = thread.schedule(() -> run(task), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Completes a result with a {@link TimeoutException} if it takes too long, unless closed.
   *
   * @implNote Its thread wakes only for what is due next, and that is its look at the connections.
   *     {@link CompletableFuture#orTimeout} wakes a thread for each result of a lone sender.
   */
  public void limit(CompletableFuture<?> result, Duration limit) {
    ScheduledFuture<?> end =
        thread.schedule(
            () -> result.completeExceptionally(new TimeoutException()),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    CompletableFuture<?> unused = result.whenComplete((done, failure) -> end.cancel(false));
  }

  /** A task that throws would not be run again. */
  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      FailureLog.unexpected(name, e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
