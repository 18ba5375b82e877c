package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes series of calls by name: an adapter adds counts of a window, in any order and in any parts
 * that lie within one step each, and takes the largest series.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class LabelSeries {

  private static final Comparator<LabelCalls> MOST_CALLS_FIRST =
      Comparator.comparing(LabelCalls::total)
          .reversed()
          .thenComparing(LabelCalls::name, UsageQueries.BY_CODE_POINT);

  private final TimeWindow window;
  private final UsageStep step;
  private final Map<String, Map<Instant, Long>> byName = new HashMap<>();

  /** Series of nothing yet. */
  public LabelSeries(TimeWindow window) {
    this.window = window;
    this.step = UsageStep.of(window);
  }

  /**
   * Adds calls of one step.
   *
   * @param instant any instant of the step
   * @param calls below 0 takes away what was added before
   */
  public void add(Instant instant, String name, long calls) {
    byName
        .computeIfAbsent(name, key -> new HashMap<>())
        .merge(step.start(instant), calls, Math::addExact);
  }

  /** The names with the most calls, then by name; at most so many. */
  public List<LabelCalls> largest(int limit) {
    return byName.entrySet().stream()
        .map(entry -> new LabelCalls(entry.getKey(), calls(entry.getValue())))
        .filter(calls -> calls.total() > 0)
        .sorted(MOST_CALLS_FIRST)
        .limit(limit)
        .toList();
  }

  private List<Long> calls(Map<Instant, Long> byStep) {
    List<Long> calls = new ArrayList<>();
    for (Instant time = step.start(window.since());
        !time.isAfter(window.until());
        time = time.plus(step.length())) {
      calls.add(byStep.getOrDefault(time, 0L));
    }
    return calls;
  }
}
