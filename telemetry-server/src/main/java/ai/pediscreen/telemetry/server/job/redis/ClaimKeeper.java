package ai.pediscreen.telemetry.server.job.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the claim on the message that is being worked on, three times in the time after which it
 * would lapse. It does so in a thread of the same process, so that a process that is stopped or
 * dead renews nothing. Thread-safe.
 */
final class ClaimKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClaimKeeper.class);

  private final RedisJobs redis;
  private final long periodMillis;
  private final AtomicReference<@Nullable Claim> current = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  ClaimKeeper(RedisJobs redis, Duration minIdle) {
    this.redis = redis;
    this.periodMillis = Math.max(1, minIdle.toMillis() / 3);
  }

  void start() {
    Thread thread = new Thread(this::renewUntilClosed, "redis-jobs-claim");
    thread.setDaemon(true);
    thread.start();
  }

  void keep(Claim claim) {
    current.set(claim);
  }

  void letGo() {
    current.set(null);
  }

  /** The claim that is kept; null for none. */
  @Nullable Claim current() {
    return current.get();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void renewUntilClosed() {
    try {
      while (!closed.await(periodMillis, TimeUnit.MILLISECONDS)) {
        Claim claim = current.get();
        if (claim != null) {
          renew(claim);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(Claim claim) {
    try {
      if (!redis.renew(claim) && claim.equals(current.get())) {
        LOG.warn("the claim on job {} is lost", claim.message().jobId());
      }
    } catch (RuntimeException e) {
      LOG.debug("claim not renewed; tried again soon", e);
    }
  }
}
