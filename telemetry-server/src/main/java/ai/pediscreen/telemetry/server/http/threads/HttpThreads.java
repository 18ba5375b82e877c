package ai.pediscreen.telemetry.server.http.threads;

import ai.pediscreen.telemetry.server.logging.Logging;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the HTTP server. Short tasks share two threads, or as many as there are
 * processors: with a thread for each task, a third of their time was spent waking threads and
 * switching between them. Work that waits or takes long is done {@link #apart}, and another thread
 * takes the place of its own meanwhile.
 *
 * <p>Tasks begin in the order of their submission. A thread, once started, is kept. Thread-safe.
 */
public final class HttpThreads implements ThreadPool, TryExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(HttpThreads.class);

  /**
   * More than may wait together: 250 answers that are read, 20 slow bodies, 80 keys that are looked
   * up, and writes that are no events.
   */
  private static final int MAX_THREADS = 500;

  /** The pool requires one. It ends no thread, for those that accept and select are never idle. */
  private static final int IDLE_SECONDS = 30;

  private static final int CLOSE_MILLIS = 1_000;

  /** How many threads accept connections. */
  public static final int ACCEPTORS = 1;

  /** One may wait for the store, with the events that it appends ({@link AfterDispatch}). */
  private static final int COMMITTERS = 1;

  private final AtomicInteger started = new AtomicInteger();
  private final int selectors;
  private final ForkJoinPool pool;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(task -> prepared(new Thread(task), "http-answers"));

  /** Starts none yet. */
  public HttpThreads() {
    int processors = Runtime.getRuntime().availableProcessors();
    this.selectors = Math.max(1, processors / 2);
    // Those that accept and select never end.
    int running = ACCEPTORS + selectors + COMMITTERS + Math.max(2, processors);
    int most = Math.max(MAX_THREADS, 2 * running);
    this.pool =
        new ForkJoinPool(
            running,
            this::newThread,
            HttpThreads::failed,
            true,
            running,
            most,
            // Threads that accept and select count as running; fewer would leave short tasks none.
            running,
            full -> true,
            IDLE_SECONDS,
            TimeUnit.SECONDS);
  }

  /** How many threads wait for what connections send. */
  public int selectors() {
    return selectors;
  }

  /**
   * Runs a short task, which waits for nothing that a sender or the store can delay; but one at a
   * time may wait for the store ({@link AfterDispatch}).
   *
   * @throws RejectedExecutionException once closed
   */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    try {
      pool.execute(this::runOldest);
    } catch (RejectedExecutionException e) {
      tasks.remove(task);
      throw e;
    }
  }

  /**
   * Runs it if all threads for tasks are idle, so that it need not wait. Jetty asks with the search
   * for the next request: the thread that has found one of a lone sender answers it itself. With
   * more to do that would wake more threads than to give the requests to those that run.
   *
   * @return whether it is run
   */
  @Override
  public boolean tryExecute(Runnable task) {
    if (pool.getActiveThreadCount() > ACCEPTORS + selectors) {
      return false;
    }
    try {
      execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** A worker of the pool would drain one submitter's queue before it looks at another's. */
  private void runOldest() {
    // An interrupt was meant for the task before.
    Thread.interrupted();
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
  }

  /**
   * Runs short tasks on one thread, which is woken once for all that come meanwhile. The answers of
   * a group of events become due at once: given by several threads they took a tenth more of the
   * processors.
   */
  public Executor answers() {
    return answers;
  }

  /** Runs tasks that may wait or take long. */
  public Executor apart() {
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
  public static boolean apart(Callable<Boolean> work) throws Exception {
    Apart apart = new Apart(work);
    ForkJoinPool.managedBlock(apart);
    return apart.result();
  }

  /** Interrupts what runs, and waits a little for it. */
  public void close() {
    answers.shutdown();
    pool.shutdownNow();
    try {
      if (!pool.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("requests are still under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    return prepared(
        ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool),
        "http-" + started.incrementAndGet());
  }

  private static <T extends Thread> T prepared(T thread, String name) {
    thread.setName(name);
    // The process runs as long as its server does.
    thread.setDaemon(false);
    thread.setUncaughtExceptionHandler(HttpThreads::failed);
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
