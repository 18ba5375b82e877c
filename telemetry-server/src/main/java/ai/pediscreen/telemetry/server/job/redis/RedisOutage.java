package ai.pediscreen.telemetry.server.job.redis;

import ai.pediscreen.telemetry.job.GrowingPauses;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Whether Redis is away, as a worker finds out: said once when it begins and once when it is over.
 * Of the worker's thread alone.
 */
final class RedisOutage {

  private static final Logger LOG = LoggerFactory.getLogger(RedisJobWorker.class);
  private static final int MOST_FAILURES = 1_000;

  private final RedisUrl url;
  private final GrowingPauses pauses;
  private final CountDownLatch closing;

  /** In a row. */
  private int failures;

  /**
   * Redis is not away yet.
   *
   * @param pauses between one failure and the next try
   * @param closing down when the worker is to end
   */
  RedisOutage(RedisUrl url, GrowingPauses pauses, CountDownLatch closing) {
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

  /** Says so once, then waits a while that grows. */
  void after(RuntimeException e) {
    failures = Math.min(failures + 1, MOST_FAILURES);
    if (closing.getCount() == 0) {
      return;
    }
    if (!(e instanceof JedisException)) {
      LOG.error("the worker stumbled and goes on", e);
    } else if (failures == 1) {
      LOG.warn("Redis at {} does not do its part; asking until it does: {}", url, e.toString());
    }
    try {
      closing.await(pauses.after(failures).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupt) {
      // Nobody but close() interrupts this thread, or whoever owns it; either way it is to end.
      closing.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
