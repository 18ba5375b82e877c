package ai.pediscreen.telemetry.daily;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the aggregates of days that are over, and knows which are to be computed. {@link
 * DailyAggregation} decides on the order of days; to show figures, {@link DailyFigures} is enough.
 *
 * <p>A store watches what the {@link DriftSettings} say that it was opened with, beside the
 * latency. Days that were computed before a feature was watched have no values of it: they are not
 * computed again for its sake, and the reference of the days that follow is what there is of the
 * days before. Each day is also compared with the {@link DriftBaselines} that are there when it is
 * computed.
 *
 * <p>Implementations are safe for use by many threads and, where the store is shared, by many
 * programs. All methods throw {@link ai.pediscreen.telemetry.event.StoreUnavailableException} if
 * the store cannot be reached in time.
 */
public interface DailyAggregateStore extends DailyFigures {

  /** What the time is for the store: its clock, not the caller's, says which days are over. */
  Instant now();

  /**
   * The days that are over and whose stored aggregates are missing or out of date, oldest first:
   * never computed although they have events, or with events that came since, or with a reference
   * that was computed again since. A day whose raw events are no longer kept stays as it was
   * computed and is not among them.
   */
  List<LocalDate> due();

  /**
   * Computes one day if it is {@linkplain #due due}, in one step that happens whole or not at all.
   * No two callers compute one day at once, nor a day and one of its reference: they wait for each
   * other. Appends do not wait for it.
   *
   * <p>Idempotent: a day that is not due stays as it is.
   *
   * @param day a UTC day
   * @return how many aggregates the day has
   * @throws DayNotOverException if the day is not over by the store's clock
   */
  int compute(LocalDate day);

  /** The days from one to another, both included, that are stored; oldest first. */
  List<ComputedDay> computed(LocalDate from, LocalDate to);

  /**
   * What a drift record is made of: both samples, bin by bin. Made anew of the values that are
   * stored, so it may be ahead of a record whose day is {@linkplain #due due} again.
   *
   * @param day the day of the record
   * @param subject whose values were compared
   * @param reference with what
   * @return empty if there is no such record, or if its values are no longer kept: those of a day
   *     are kept as long as its raw events
   */
  Optional<DriftComparison> comparison(
      LocalDate day, DriftSubject subject, DriftReference reference);
}
