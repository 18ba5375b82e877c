package ai.pediscreen.telemetry.server.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a postmaster that died again, on the same port, until it is closed. One that is merely
 * stopped is left alone. Thread-safe.
 */
final class PostmasterSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  static final Duration FAST_STOP = Duration.ofSeconds(5);
  static final Duration IMMEDIATE_STOP = Duration.ofSeconds(2);

  private static final Duration UNLIMITED = Duration.ofDays(36_500);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final PostmasterLauncher launcher;
  private final int port;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Object launching = new Object();

  /** Guarded by {@code launching} when written; never changes once {@code closing} is down. */
  private volatile Postmaster postmaster;

  /**
   * Watches nothing before it is started.
   *
   * @param postmaster runs on that port
   */
  PostmasterSupervisor(
      Cluster cluster, PostmasterLauncher launcher, Postmaster postmaster, int port) {
    this.cluster = cluster;
    this.launcher = launcher;
    this.postmaster = postmaster;
    this.port = port;
    this.thread = new Thread(this::supervise, "embedded-postgres-supervisor");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** The process id of the postmaster, which changes when it is started again. */
  long postmasterPid() {
    return postmaster.pid();
  }

  private void supervise() {
    Duration pause = Duration.ZERO;
    try {
      while (true) {
        long since = System.nanoTime();
        postmaster.awaitExit();
        if (isClosed()) {
          return;
        }
        LOG.warn(
            "PostgreSQL (pid {}) ended by {}; starting it again",
            postmaster.pid(),
            postmaster.end());
        boolean ranWell = System.nanoTime() - since > LONGEST_PAUSE.toNanos() * 5;
        pause = restart(ranWell ? Duration.ZERO : pause);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Starts it until it runs, with growing pauses; returns the pause to begin with next time. */
  private Duration restart(Duration firstPause) throws InterruptedException {
    Duration pause = firstPause;
    Instant since = Instant.now();
    for (int attempt = 1; !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS); attempt++) {
      pause = longer(pause);
      try {
        launcher.clearLeftovers();
        Postmaster next = launchUnlessClosing();
        if (next == null) {
          return pause;
        }
        if (next.awaitReady(cluster, UNLIMITED)) {
          LOG.info("PostgreSQL runs again (pid {})", next.pid());
          return pause;
        }
        if (!isClosed() && isWorthALine(attempt)) {
          LOG.warn(
              "PostgreSQL does not start (attempt {}): {}", attempt, launcher.complaint(since));
        }
      } catch (IOException | RuntimeException e) {
        if (isWorthALine(attempt)) {
          LOG.warn("Cannot start PostgreSQL again (attempt {})", attempt, e);
        }
      }
    }
    return pause;
  }

  private @Nullable Postmaster launchUnlessClosing() throws IOException, InterruptedException {
    synchronized (launching) {
      if (isClosed()) {
        return null;
      }
      postmaster = launcher.launch(port);
      return postmaster;
    }
  }

  private static boolean isWorthALine(int attempt) {
    return attempt == 3 || attempt % 60 == 0;
  }

  /** The pause after this one, when nothing came of it. */
  static Duration longer(Duration pause) {
    Duration twice = pause.isZero() ? SHORTEST_PAUSE : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  boolean isClosed() {
    return closing.getCount() == 0;
  }

  /**
   * Stops PostgreSQL for good. Call it once.
   *
   * @throws InterruptedException if this thread is interrupted; PostgreSQL is killed then
   */
  void close() throws InterruptedException {
    synchronized (launching) {
      closing.countDown();
    }
    try {
      postmaster.stop(FAST_STOP, IMMEDIATE_STOP);
      thread.interrupt();
      thread.join(IMMEDIATE_STOP.toMillis());
    } catch (InterruptedException e) {
      postmaster.kill();
      throw e;
    } catch (IOException e) {
      LOG.warn("Cannot stop PostgreSQL (pid {}) in order", postmaster.pid(), e);
      postmaster.kill();
    } finally {
      thread.interrupt();
    }
  }
}
