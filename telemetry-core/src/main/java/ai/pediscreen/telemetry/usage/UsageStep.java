package ai.pediscreen.telemetry.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How much time one point of a series covers; in UTC. */
public enum UsageStep {
  MINUTE(ChronoUnit.MINUTES),
  HOUR(ChronoUnit.HOURS),
  DAY(ChronoUnit.DAYS);

  private static final long LONGEST_BY_MINUTE = UsageRange.HOUR.length().toMinutes();
  private static final long LONGEST_BY_HOUR = UsageRange.WEEK.length().toMinutes();

  private final ChronoUnit unit;

  UsageStep(ChronoUnit unit) {
    this.unit = unit;
  }

  /**
   * The step that a window is drawn with: minutes up to an hour, hours up to a week, then days.
   * That is at most 170 points, and no more rows to read than the window's figures need.
   */
  public static UsageStep of(TimeWindow window) {
    if (window.minutes() <= LONGEST_BY_MINUTE) {
      return MINUTE;
    }
    return window.minutes() <= LONGEST_BY_HOUR ? HOUR : DAY;
  }

  public Duration length() {
    return unit.getDuration();
  }

  /** The beginning of the step that an instant belongs to. */
  public Instant start(Instant instant) {
    return instant.truncatedTo(unit);
  }
}
