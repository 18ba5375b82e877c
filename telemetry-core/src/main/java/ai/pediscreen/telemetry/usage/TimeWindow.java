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
 * @param step how much time one point of its series covers
 */
public record TimeWindow(Instant since, Instant until, long minutes, UsageStep step) {

  /** The longest window: 400 days. */
  public static final Duration MAX_LENGTH = Duration.ofDays(400);

  /** The longest nominal length in minutes of a window that ends now. */
  public static final long MAX_MINUTES = 90 * 24 * 60;

  private static final long MINUTES_PER_DAY = 24 * 60;

  /** For how long counts by minute and by hour answer exactly; before that days do. */
  private static final Duration BY_MINUTE = Duration.ofDays(2);

  private static final Duration BY_HOUR = Duration.ofDays(99);

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

  /** A window whose step follows from its length. */
  public TimeWindow(Instant since, Instant until, long minutes) {
    this(since, until, minutes, UsageStep.of(minutes));
  }

  /**
   * The window between two instants, as exactly as counts of that age are kept: on whole minutes if
   * it begins within the last two days, on whole hours within the last 99 days, else on whole UTC
   * days. The beginning is cut down and the end rounded up to that, but not beyond now.
   *
   * @param from its beginning
   * @param to its end, not included; after {@code from}
   * @throws IllegalArgumentException if it would be empty, lie in the future, or be longer than
   *     {@link #MAX_LENGTH}
   */
  public static TimeWindow between(Instant from, Instant to, Instant now) {
    if (!from.isBefore(to) || from.isAfter(now)) {
      throw new IllegalArgumentException("from must be before to, and not in the future");
    }
    ChronoUnit grain = grain(Duration.between(from, now).minusMinutes(1));
    Instant since = from.truncatedTo(grain);
    Instant end = to.truncatedTo(grain);
    end = end.isBefore(to) ? end.plus(1, grain) : end;
    long minutes = Duration.between(since, end).toMinutes();
    if (Duration.between(since, end).compareTo(MAX_LENGTH) > 0) {
      throw new IllegalArgumentException(
          "from and to must be at most " + MAX_LENGTH.toDays() + " days apart");
    }
    Instant last = end.minus(1, ChronoUnit.MICROS);
    return new TimeWindow(
        since, last.isAfter(now) ? now : last, minutes, UsageStep.of(minutes).atLeast(grain));
  }

  private static ChronoUnit grain(Duration age) {
    if (age.compareTo(BY_MINUTE) <= 0) {
      return ChronoUnit.MINUTES;
    }
    return age.compareTo(BY_HOUR) <= 0 ? ChronoUnit.HOURS : ChronoUnit.DAYS;
  }

  /**
   * The window of the same length that ends where this one begins: what a change is measured
   * against.
   *
   * @throws IllegalArgumentException if counts do not reach back that far exactly
   */
  public TimeWindow before(Instant now) {
    Instant end = until.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    Instant from = since.minus(Duration.between(since, end));
    // Rounded down, since no moment may be in both.
    return between(from, since.truncatedTo(grain(Duration.between(from, now))), now);
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

  /** The first instant after the window: timestamps are whole microseconds. */
  public Instant end() {
    return until.plus(1, ChronoUnit.MICROS);
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
