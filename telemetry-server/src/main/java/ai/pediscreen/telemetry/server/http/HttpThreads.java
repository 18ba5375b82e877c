package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.logging.Logging;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the HTTP server. Short tasks share as many threads as there are processors, so
 * that those of a thousand requests a second follow each other on one thread; with a thread for
 * each, a third of their time was spent waking threads and switching between them. What waits or
 * takes long is declared with {@link #apart}, and another thread takes the place of its own
 * meanwhile, up to {@link #MAX_THREADS} in all.
 *
 * <p>Thread-safe.
 */
final class HttpThreads implements ThreadPool {

  private static final Logger LOG = LoggerFactory.getLogger(HttpThreads.class);

  /** What waits for bodies, for answers and for the store at one time has lower limits. */
  private static final int MAX_THREADS = 250;

  private static final int IDLE_SECONDS = 30;

  private final AtomicInteger started = new AtomicInteger();
  private final int acceptors = 1;
  private final int selectors;
  private final ForkJoinPool pool;
  private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isRunningDue = new AtomicBoolean();

  HttpThreads() {
    int processors = Runtime.getRuntime().availableProcessors();
    this.selectors = Math.max(1, processors / 2);
    // Those that accept and select never end.
    int running = acceptors + selectors + Math.max(2, processors);
    int most = Math.max(MAX_THREADS, 2 * running);
    this.pool =
        new ForkJoinPool(
            running,
            this::newThread,
            HttpThreads::failed,
            true,
            running,
            most,
            // As many as that run whatever waits, since those that select count as running.
            running,
            full -> true,
            IDLE_SECONDS,
            TimeUnit.SECONDS);
  }

  /** How many threads accept connections. */
  int acceptors() {
    return acceptors;
  }

  /** How many threads wait for what connections send. */
  int selectors() {
    return selectors;
  }

  /**
   * Runs a short task, which waits for nothing that a sender or the store can delay.
   *
   * @throws RejectedExecutionException once closed
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /**
   * Runs short tasks on one thread at a time, which is woken once for all that come meanwhile. The
   * answers of a group of events become due at once: given by several threads they took a tenth
   * more of the processors.
   */
  Executor oneByOne() {
    return task -> {
      due.add(task);
      if (isRunningDue.compareAndSet(false, true)) {
        try {
          pool.execute(this::runDue);
        } catch (RejectedExecutionException e) {
          isRunningDue.set(false);
          throw e;
        }
      }
    };
  }

  private void runDue() {
    do {
      for (Runnable task = due.poll(); task != null; task = due.poll()) {
        try {
          task.run();
        } catch (RuntimeException | Error e) {
          // The next one is another sender's.
          failed(Thread.currentThread(), e);
        }
      }
      isRunningDue.set(false);
    } while (!due.isEmpty() && isRunningDue.compareAndSet(false, true));
  }

  /** Runs tasks that may wait or take long. */
  Executor apart() {
    return task ->
        execute(
            () -> {
              try {
                apart(
                    () -> {
                      task.run();
                      return true;
                    });
              } catch (Exception e) {
                throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(e);
              }
            });
  }

  /** Does work that may wait or take long, in this thread, which is not counted meanwhile. */
  static boolean apart(Callable<Boolean> work) throws Exception {
    Apart apart = new Apart(work);
    ForkJoinPool.managedBlock(apart);
    return apart.result();
  }

  /** Interrupts what runs and ends. */
  void close() {
    pool.shutdownNow();
  }

  @Override
  public void join() throws InterruptedException {
    while (!pool.awaitTermination(1, TimeUnit.DAYS)) {
      LOG.debug("still running");
    }
  }

  @Override
  public int getThreads() {
    return pool.getPoolSize();
  }

  @Override
  public int getIdleThreads() {
    return Math.max(0, pool.getPoolSize() - pool.getActiveThreadCount());
  }

  @Override
  public boolean isLowOnThreads() {
    return false;
  }

  private ForkJoinWorkerThread newThread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("http-" + started.incrementAndGet());
    // The process runs as long as its server does.
    thread.setDaemon(false);
    return thread;
  }

  private static void failed(Thread thread, Throwable failure) {
    LOG.error("a task of {} failed", thread.getName(), failure);
    Logging.endIfOutOfMemory(failure);
  }

  /** Work whose thread is not counted while it is done. */
  private static final class Apart implements ManagedBlocker {
    private final Callable<Boolean> work;
    private boolean done;
    private boolean result;
    private @Nullable Exception failure;

    Apart(Callable<Boolean> work) {
      this.work = work;
    }

    @Override
    public boolean block() {
      try {
        result = work.call();
      } catch (Exception e) {
        failure = e;
      }
      done = true;
      return true;
    }

    @Override
    public boolean isReleasable() {
      return done;
    }

    boolean result() throws Exception {
      if (failure != null) {
        throw failure;
      }
      return result;
    }
  }
}
