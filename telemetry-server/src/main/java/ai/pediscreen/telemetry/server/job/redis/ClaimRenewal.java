package ai.pediscreen.telemetry.server.job.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the claim on the message that is being worked on, at least three times before it would
 * expire, and writes the worker's heartbeat. It does so in a thread of the same process, so that a
 * process that is stopped or dead renews nothing. Thread-safe.
 */
final class ClaimRenewal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClaimRenewal.class);

  /** No longer, so that the heartbeat is fresh however long claims last. */
  private static final Duration LONGEST_PERIOD = Duration.ofSeconds(20);

  private final RedisJobs redis;
  private final String consumer;
  private final long periodMillis;
  private final AtomicReference<@Nullable Claim> current = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  ClaimRenewal(RedisJobs redis, String consumer, Duration minIdle) {
    this.redis = redis;
    this.consumer = consumer;
    this.periodMillis = Math.max(1, Math.min(minIdle.toMillis() / 3, LONGEST_PERIOD.toMillis()));
  }

  void start() {
    Thread thread = new Thread(this::renewUntilClosed, "redis-jobs-claim");
    thread.setDaemon(true);
    thread.start();
  }

  void hold(Claim claim) {
    current.set(claim);
  }

  void release() {
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
      do {
        announce();
        Claim claim = current.get();
        if (claim != null) {
          renew(claim);
        }
      } while (!closed.await(periodMillis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce() {
    try {
      redis.announceWorker(consumer);
    } catch (RuntimeException e) {
      LOG.debug("the worker's heartbeat was not written; retrying soon", e);
    }
  }

  private void renew(Claim claim) {
    try {
      if (!redis.renew(claim) && claim.equals(current.get())) {
        LOG.warn("the claim on job {} is lost", claim.message().jobId());
      }
    } catch (RuntimeException e) {
      LOG.debug("the claim was not renewed; retrying soon", e);
    }
  }
}
