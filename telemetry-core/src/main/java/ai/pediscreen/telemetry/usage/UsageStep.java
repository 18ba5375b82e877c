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
    return window.step();
  }

  static UsageStep of(long minutes) {
    if (minutes <= LONGEST_BY_MINUTE) {
      return MINUTE;
    }
    return minutes <= LONGEST_BY_HOUR ? HOUR : DAY;
  }

  /** This step, or a longer one if counts are not kept by it. */
  UsageStep atLeast(ChronoUnit grain) {
    return unit.compareTo(grain) >= 0 ? this : of(grain);
  }

  private static UsageStep of(ChronoUnit grain) {
    return grain == ChronoUnit.DAYS ? DAY : HOUR;
  }

  public Duration length() {
    return unit.getDuration();
  }

  /** The beginning of the step that an instant belongs to. */
  public Instant start(Instant instant) {
    return instant.truncatedTo(unit);
  }
}
