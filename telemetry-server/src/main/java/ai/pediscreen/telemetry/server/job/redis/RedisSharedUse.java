package ai.pediscreen.telemetry.server.job.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Shares between servers what senders have used, so that rate limits apply to all servers together:
 * each adds its use to a counter in Redis, five times a second, and reads what the others have
 * added. No request waits for that. Without Redis each server counts for itself.
 */
public final class RedisSharedUse implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisSharedUse.class);

  private static final Duration PACE = Duration.ofMillis(200);
  private static final String COUNTER = "telemetry:used:";
  private static final long COUNTER_LIFE_SECONDS = 60;

  /** Whose sender is quiet for so many exchanges is not asked about any more. */
  private static final int QUIET = 50;

  private final RedisClient redis;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shared-use");
            thread.setDaemon(true);
            return thread;
          });

  // Of the one thread that exchanges.
  private final Map<String, Known> known = new HashMap<>();
  private boolean away;

  public RedisSharedUse(RedisUrl url) {
    this.redis = RedisClients.of(url, Duration.ZERO);
  }

  /**
   * Exchanges from now on.
   *
   * @param used what was used here since the last call, by sender
   * @param elsewhere receives what was used at other servers, by sender
   */
  public void start(Supplier<Map<String, Long>> used, ObjLongConsumer<String> elsewhere) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> tryExchange(used.get(), elsewhere),
            PACE.toMillis(),
            PACE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void tryExchange(Map<String, Long> used, ObjLongConsumer<String> elsewhere) {
    try {
      exchange(used).forEach(elsewhere::accept);
      away = false;
    } catch (JedisException e) {
      if (!away) {
        LOG.warn("Redis is unavailable: rate limits apply to each server separately", e);
      }
      away = true;
      known.clear();
    }
  }

  /** What was used elsewhere, by sender, as far as it is more than nothing. */
  Map<String, Long> exchange(Map<String, Long> used) {
    used.keySet().forEach(name -> known.computeIfAbsent(name, unused -> new Known()).quiet = 0);
    known.values().removeIf(counter -> counter.quiet++ > QUIET);
    Map<String, Response<Long>> totals = new HashMap<>();
    if (!known.isEmpty()) {
      try (AbstractPipeline pipeline = redis.pipelined()) {
        for (String name : known.keySet()) {
          totals.put(name, pipeline.incrBy(COUNTER + name, used.getOrDefault(name, 0L)));
          var unused = pipeline.expire(COUNTER + name, COUNTER_LIFE_SECONDS);
        }
        pipeline.sync();
      }
    }
    Map<String, Long> elsewhere = new HashMap<>();
    known.forEach(
        (name, counter) -> {
          Response<Long> response = totals.get(name);
          long total = response == null ? 0 : response.get();
          long others = total - used.getOrDefault(name, 0L) - counter.total;
          // The first time it is unknown since when the others have counted.
          if (counter.total >= 0 && others > 0) {
            elsewhere.put(name, others);
          }
          counter.total = total;
        });
    return elsewhere;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    redis.close();
  }

  /** A counter as it was at the last exchange; -1 before the first. */
  private static final class Known {
    long total = -1;
    int quiet;
  }
}
