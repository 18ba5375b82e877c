package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.job.ExponentialBackoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed message is retried: after a random pause between half and the whole of a bound that
 * grows from ten seconds to a quarter of an hour, for a day. As safe for threads as the generator
 * is.
 */
public final class DeliverySchedule {

  /** After so long a message is given up. */
  public static final Duration LONGEST = Duration.ofDays(1);

  static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  private static final ExponentialBackoff BOUNDS =
      new ExponentialBackoff(FIRST_PAUSE, LONGEST_PAUSE);

  private final RandomGenerator random;

  /**
   * @param random spreads those who failed together
   */
  public DeliverySchedule(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  /**
   * The pause after a failure; empty when the message is given up.
   *
   * @param at when the message was made
   * @param attempts how often it was tried; at least 1
   */
  public Optional<Duration> after(Instant at, int attempts, Instant now) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but is " + attempts);
    }
    if (!now.isBefore(at.plus(LONGEST))) {
      return Optional.empty();
    }
    long most = BOUNDS.after(attempts).toNanos();
    return Optional.of(Duration.ofNanos(random.nextLong(most / 2, most + 1)));
  }
}
