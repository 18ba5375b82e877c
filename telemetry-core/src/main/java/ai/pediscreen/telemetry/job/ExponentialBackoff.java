package ai.pediscreen.telemetry.job;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Pauses between attempts, each twice as long as the one before.
 *
 * @param first after the first failure; at least a millisecond
 * @param longest no pause is longer; at least {@code first}, at most a day
 */
public record ExponentialBackoff(Duration first, Duration longest) {

  private static final Duration LIMIT = Duration.ofDays(1);

  public ExponentialBackoff {
    requireNonNull(first, "first");
    requireNonNull(longest, "longest");
    if (first.toMillis() < 1) {
      throw new IllegalArgumentException("first must be at least 1 ms: " + first);
    }
    if (longest.compareTo(first) < 0 || longest.compareTo(LIMIT) > 0) {
      throw new IllegalArgumentException("longest must be between first and a day: " + longest);
    }
  }

  /**
   * The pause after that many failures in a row.
   *
   * @param failures at least 1
   */
  public Duration after(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be at least 1: " + failures);
    }
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
