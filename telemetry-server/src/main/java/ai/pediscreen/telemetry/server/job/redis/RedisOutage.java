package ai.pediscreen.telemetry.server.job.redis;

import ai.pediscreen.telemetry.job.ExponentialBackoff;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * An outage of Redis, as a worker notices it: logged once when it begins and once when it ends.
 * Used by the worker's thread alone.
 */
final class RedisOutage {

  private static final Logger LOG = LoggerFactory.getLogger(RedisJobWorker.class);
  private static final int MOST_FAILURES = 1_000;

  private final RedisUrl url;
  private final ExponentialBackoff pauses;
  private final CountDownLatch closing;

  /** In a row. */
  private int failures;

  /**
   * No outage yet.
   *
   * @param pauses between one failure and the next try
   * @param closing down when the worker is to end
   */
  RedisOutage(RedisUrl url, ExponentialBackoff pauses, CountDownLatch closing) {
    this.url = url;
    this.pauses = pauses;
    this.closing = closing;
  }

  /** Redis has answered. */
  void end() {
    if (failures > 0) {
      failures = 0;
      LOG.info("Redis at {} answers again", url);
    }
  }

  /** Logs it once, then waits for a growing pause. */
  void after(RuntimeException e) {
    failures = Math.min(failures + 1, MOST_FAILURES);
    if (closing.getCount() == 0) {
      return;
    }
    if (!(e instanceof JedisException)) {
      LOG.error("the worker failed unexpectedly; it continues", e);
    } else if (failures == 1) {
      LOG.warn("Redis at {} is unavailable; retrying: {}", url, e.toString());
    }
    try {
      closing.await(pauses.after(failures).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupt) {
      // Only close(), or the owner of this thread, interrupts it; in both cases it must end.
      closing.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
