package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a series of counts: an adapter adds the tallies of a window, in any order and in any parts
 * that lie within one step each, and takes the points.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class UsageSeries {

  private final TimeWindow window;
  private final UsageStep step;
  private final Map<Instant, UsageTally> byStep = new HashMap<>();

  /** A series of nothing yet. */
  public UsageSeries(TimeWindow window) {
    this.window = window;
    this.step = UsageStep.of(window);
  }

  /**
   * Adds events of one step.
   *
   * @param instant any instant of the step
   */
  public void add(Instant instant, UsageTally tally) {
    byStep.computeIfAbsent(step.start(instant), key -> new UsageTally()).merge(tally);
  }

  /**
   * Takes away events of one step that were added before. Does nothing if there are none.
   *
   * @param instant any instant of the step
   */
  public void remove(Instant instant, UsageTally tally) {
    UsageTally ofStep = byStep.get(step.start(instant));
    if (ofStep != null) {
      ofStep.subtract(tally);
    }
  }

  /** One point for each step that the window touches, oldest first. */
  public List<UsagePoint> points() {
    List<UsagePoint> points = new ArrayList<>();
    for (Instant time = step.start(window.since());
        !time.isAfter(window.until());
        time = time.plus(step.length())) {
      UsageTally tally = byStep.getOrDefault(time, new UsageTally());
      points.add(
          new UsagePoint(
              time,
              tally.calls(),
              tally.errors(),
              tally.fallbacks(),
              UsageSummary.cost(tally),
              tally.tokens(),
              tally.latencies().quantile(0.50),
              tally.latencies().quantile(0.95),
              tally.latencies().quantile(0.99)));
    }
    return points;
  }
}
