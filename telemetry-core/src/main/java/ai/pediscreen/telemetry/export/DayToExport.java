package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import java.util.List;

/**
 * A day whose figures were computed since they were last exported.
 *
 * @param source the store's own name, which tells its revisions from those of another store
 * @param day the day and its revision
 * @param aggregates its aggregates at that revision, those of each organisation included
 * @param drift how the latencies of all events of these compare with each reference
 */
public record DayToExport(
    String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {

  public DayToExport {
    requireNonNull(source, "source");
    requireNonNull(day, "day");
    aggregates = List.copyOf(aggregates);
    drift = List.copyOf(drift);
  }
}
