package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.job.ExponentialBackoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: a random time up to a bound that doubles each time
 * ("full jitter"), so that exporters that failed together do not retry together.
 *
 * <p>The bound grows from half a second to a minute. An exceeded quota needs minutes: at least one,
 * and the bound grows to sixteen. What was refused is retried every five minutes, since an operator
 * has to change something first. As safe for threads as the generator is.
 */
final class ExportBackoff {

  static final Duration FIRST = Duration.ofMillis(500);
  static final Duration LONGEST = Duration.ofSeconds(60);
  static final Duration QUOTA_SHORTEST = Duration.ofMinutes(1);
  static final Duration QUOTA_LONGEST = Duration.ofMinutes(16);
  static final Duration REFUSED = Duration.ofMinutes(5);

  private static final ExponentialBackoff BOUNDS = new ExponentialBackoff(FIRST, LONGEST);
  private static final ExponentialBackoff QUOTA_BOUNDS =
      new ExponentialBackoff(QUOTA_SHORTEST.multipliedBy(2), QUOTA_LONGEST);

  private final RandomGenerator random;

  ExportBackoff(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  /**
   * The pause after that many failures in a row.
   *
   * @param failures at least 1
   */
  Duration after(ExportException.Reason reason, int failures) {
    return switch (reason) {
      case RATE_LIMITED, SERVER_ERROR, UNREACHABLE ->
          between(Duration.ZERO, BOUNDS.after(failures));
      case QUOTA_EXCEEDED -> between(QUOTA_SHORTEST, QUOTA_BOUNDS.after(failures));
      case REFUSED -> REFUSED;
    };
  }

  private Duration between(Duration shortest, Duration longest) {
    return Duration.ofNanos(random.nextLong(shortest.toNanos(), longest.toNanos() + 1));
  }
}
