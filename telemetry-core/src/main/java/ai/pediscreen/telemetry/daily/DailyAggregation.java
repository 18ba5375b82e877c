package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Computes days in an order in which each finds its reference complete. Any number of threads and
 * programs may do so at once, as often as they like: the result is the same.
 *
 * <p>Immutable and thread-safe.
 */
public final class DailyAggregation {

  private final DailyAggregateStore store;

  public DailyAggregation(DailyAggregateStore store) {
    this.store = store;
  }

  /**
   * Brings one day up to date: first those of the days it is compared with that are due, then the
   * day, then those of later days that were computed with what has now changed.
   *
   * @param day a UTC day
   * @return how many aggregates the day has; 0 for one without events
   * @throws DayNotOverException if the day is not over by the store's clock
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if the store cannot be reached
   *     in time; what was computed by then is stored
   */
  public int compute(LocalDate day) {
    if (!day.isBefore(LocalDate.ofInstant(store.now(), ZoneOffset.UTC))) {
      throw new DayNotOverException(day);
    }
    compute(DriftReference.allBefore(day));
    int aggregates = store.compute(day);
    List<LocalDate> after = DriftReference.allAfter(day);
    Set<LocalDate> known =
        store.computed(day, day.plusDays(DriftReference.LONGEST_DAYS)).stream()
            .map(ComputedDay::date)
            .collect(Collectors.toSet());
    compute(after.stream().filter(known::contains).toList());
    return aggregates;
  }

  /**
   * Computes every day that is due, oldest first. Events that come meanwhile are left to the next
   * run.
   *
   * @return the days that were due, in the order in which they were computed
   */
  public List<LocalDate> computeDue() {
    List<LocalDate> done = new ArrayList<>(store.due());
    done.forEach(store::compute);
    // A day that was computed again has made later ones due.
    List<LocalDate> changed = store.due();
    changed.forEach(store::compute);
    done.addAll(changed);
    return done;
  }

  /** Computes those that are due. */
  private void compute(List<LocalDate> days) {
    List<LocalDate> due = new ArrayList<>(store.due());
    due.retainAll(days);
    due.forEach(store::compute);
  }
}
