package ai.pediscreen.telemetry.server.http.threads;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that was given a request does once the request waits without a thread. The
 * request may be answered meanwhile, by this thread or by another.
 */
public final class AfterDispatch {

  /** The attribute of a request whose thread may do more. */
  public static final String ATTRIBUTE = AfterDispatch.class.getName();

  private final Thread thread = Thread.currentThread();
  private volatile boolean running;

  /** Written before {@code running}. */
  private long beganNanos;

  // Of that thread alone.
  private @Nullable Runnable task;
  private boolean over;

  /** Whether the caller is the request's own thread and has not returned from it yet. */
  public boolean isOpen() {
    return Thread.currentThread() == thread && !over;
  }

  /**
   * Sets the task that is done then.
   *
   * @throws IllegalStateException unless {@link #isOpen}
   */
  public void then(Runnable task) {
    if (!isOpen()) {
      throw new IllegalStateException("the request's thread does nothing more for it");
    }
    this.task = task;
  }

  /** Does the task, if there is one. Called by the request's own thread. */
  public void run() {
    over = true;
    if (task != null) {
      beganNanos = System.nanoTime();
      running = true;
      try {
        task.run();
      } finally {
        running = false;
      }
    }
  }

  /** Runs at once what this thread is to run during the task, and the rest elsewhere. */
  public Executor orElse(Executor elsewhere) {
    return work -> {
      if (running && Thread.currentThread() == thread) {
        work.run();
      } else {
        elsewhere.execute(work);
      }
    };
  }

  /** Whether that thread has been at its task for longer than that, while the caller is another. */
  public boolean isBusyElsewhere(Duration longerThan) {
    return running
        && Thread.currentThread() != thread
        && System.nanoTime() - beganNanos > longerThan.toNanos();
  }
}
