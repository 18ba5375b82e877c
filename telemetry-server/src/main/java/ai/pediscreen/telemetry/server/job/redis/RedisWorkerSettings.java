package ai.pediscreen.telemetry.server.job.redis;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.job.ExponentialBackoff;
import java.time.Duration;

/**
 * How a {@link RedisJobWorker} works. Immutable.
 *
 * @param block how long one read waits for a message, 10 ms to 10 s; retries that are due and
 *     messages of dead workers are looked for as often
 * @param minIdle a worker that has not renewed its claim for so long counts as dead; 100 ms to a
 *     day. It renews three times as often.
 * @param retries pauses between the attempts of a job that throws
 * @param maxAttempts attempts of a job before it is parked, those that ended with their worker
 *     included; at least 1
 * @param reconnects pauses while Redis does not answer
 * @param closeLimit how long {@link RedisJobWorker#close} waits for the job under way
 */
public record RedisWorkerSettings(
    Duration block,
    Duration minIdle,
    ExponentialBackoff retries,
    int maxAttempts,
    ExponentialBackoff reconnects,
    Duration closeLimit) {

  public RedisWorkerSettings {
    requireBetween("block", block, Duration.ofMillis(10), Duration.ofSeconds(10));
    requireBetween("minIdle", minIdle, Duration.ofMillis(100), Duration.ofDays(1));
    requireNonNull(retries, "retries");
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1: " + maxAttempts);
    }
    requireNonNull(reconnects, "reconnects");
    requireBetween("closeLimit", closeLimit, Duration.ZERO, Duration.ofDays(1));
  }

  /**
   * Claims of a minute; eight attempts over ten minutes and a half; Redis is looked for at least
   * every five seconds; closing takes a few seconds at most.
   */
  public static RedisWorkerSettings standard() {
    return new RedisWorkerSettings(
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        new ExponentialBackoff(Duration.ofSeconds(5), Duration.ofMinutes(5)),
        8,
        new ExponentialBackoff(Duration.ofMillis(100), Duration.ofSeconds(5)),
        Duration.ofSeconds(5));
  }

  /** These settings with another time after which a silent worker counts as dead. */
  public RedisWorkerSettings withMinIdle(Duration value) {
    return new RedisWorkerSettings(block, value, retries, maxAttempts, reconnects, closeLimit);
  }

  private static void requireBetween(String name, Duration value, Duration min, Duration max) {
    requireNonNull(value, name);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %s and %s: %s".formatted(name, min, max, value));
    }
  }
}
