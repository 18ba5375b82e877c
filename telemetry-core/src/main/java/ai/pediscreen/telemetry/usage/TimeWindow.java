package ai.pediscreen.telemetry.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The time a question is about, both ends included: {@code [since, until]}.
 *
 * <p>Windows of up to a day begin on a full minute and longer ones on a full hour, so that counts
 * kept by minute and hour answer them exactly.
 *
 * @param since the beginning; on a full minute
 * @param until the end, whole microseconds; not before {@code since}, at most {@link #MAX_LENGTH}
 *     after it
 * @param minutes nominal length in minutes, before {@code since} was cut down; at least 1
 */
public record TimeWindow(Instant since, Instant until, long minutes) {

  /** The longest window, a little over 90 days. */
  public static final Duration MAX_LENGTH = Duration.ofDays(90).plusHours(1);

  /** The longest nominal length in minutes. */
  public static final long MAX_MINUTES = 90 * 24 * 60;

  private static final long MINUTES_PER_DAY = 24 * 60;

  public TimeWindow {
    until = until.truncatedTo(ChronoUnit.MICROS);
    if (!since.equals(since.truncatedTo(ChronoUnit.MINUTES))) {
      throw new IllegalArgumentException("since must be on a full minute but is " + since);
    }
    if (since.isAfter(until) || Duration.between(since, until).compareTo(MAX_LENGTH) > 0) {
      throw new IllegalArgumentException(
          "until must be at most " + MAX_LENGTH + " after since: " + since + " to " + until);
    }
    if (minutes < 1) {
      throw new IllegalArgumentException("minutes must be at least 1 but is " + minutes);
    }
  }

  /** The window of a range that ends now. */
  public static TimeWindow last(UsageRange range, Instant now) {
    return lastMinutes(range.length().toMinutes(), now);
  }

  /**
   * The last minutes before now: {@code since} is cut down to the minute for at most a day, to the
   * hour for more.
   *
   * @param minutes 1 to {@link #MAX_MINUTES}
   */
  public static TimeWindow lastMinutes(long minutes, Instant now) {
    if (minutes < 1 || minutes > MAX_MINUTES) {
      throw new IllegalArgumentException(
          "minutes must be between 1 and " + MAX_MINUTES + " but is " + minutes);
    }
    Instant since =
        now.minus(minutes, ChronoUnit.MINUTES)
            .truncatedTo(minutes <= MINUTES_PER_DAY ? ChronoUnit.MINUTES : ChronoUnit.HOURS);
    return new TimeWindow(since, now, minutes);
  }

  /** Whether an instant lies in the window; both ends do. */
  public boolean contains(Instant instant) {
    return !instant.isBefore(since) && !instant.isAfter(until);
  }

  /** The first UTC day that the window touches. */
  public LocalDate firstDay() {
    return LocalDate.ofInstant(since, ZoneOffset.UTC);
  }

  /** The last UTC day that the window touches. */
  public LocalDate lastDay() {
    return LocalDate.ofInstant(until, ZoneOffset.UTC);
  }
}
