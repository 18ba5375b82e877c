package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;
import java.util.List;

/**
 * What is known of days that were computed. Whoever shows figures, or copies them elsewhere, asks
 * here; it need not be the store that computed them.
 *
 * <p>Implementations are safe for use by many threads. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface DailyFigures {

  /** The days from one to another, both included, that are stored; oldest first. */
  List<ComputedDay> computed(LocalDate from, LocalDate to);

  /** Aggregates, by date and then by model in the order of code points. */
  List<DailyAggregate> aggregates(DayFilter filter);

  /**
   * Drift, in the order of {@link DriftRecord#NEWEST_FIRST}.
   *
   * @param limit at most so many records; at least 1
   */
  List<DriftRecord> drift(DayFilter filter, int limit);
}
