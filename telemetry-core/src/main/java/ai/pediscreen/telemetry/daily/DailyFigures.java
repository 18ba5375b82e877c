package ai.pediscreen.telemetry.daily;

import java.util.List;

/**
 * The figures of computed days, for those who show them; it need not be the store that computed
 * them.
 *
 * <p>Implementations are safe for use by many threads. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface DailyFigures {

  /** Aggregates, by date and then by model in the order of code points. */
  List<DailyAggregate> aggregates(DayFilter filter);

  /**
   * Aggregates of another service, of days that are not computed here, by date and model. They are
   * of all organisations together, so none belongs to a single one.
   *
   * @return empty where none were taken over
   */
  default List<EarlierAggregate> earlier(DayFilter filter) {
    return List.of();
  }

  /**
   * Drift, in the order of {@link DriftRecord#NEWEST_FIRST}.
   *
   * @param limit at most so many records; at least 1
   */
  List<DriftRecord> drift(DayFilter filter, int limit);

  /** All drift records of those days that are {@linkplain DriftRecord#alert alerts}, likewise. */
  List<DriftRecord> alerts(DayFilter filter);
}
