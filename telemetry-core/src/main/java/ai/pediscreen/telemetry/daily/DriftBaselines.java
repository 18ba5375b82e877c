package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;
import java.util.List;

/**
 * Keeps {@link DriftBaseline}s, with which each day is compared that is computed from then on. The
 * command line and {@code /baselines} set them.
 *
 * <p>Implementations are safe for use by many threads. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface DriftBaselines {

  /**
   * The values of stored days, to be made a baseline of.
   *
   * @return what the days have, from one to another, both included; no values if they have none
   */
  DayValues stored(DriftSubject subject, LocalDate from, LocalDate to);

  /**
   * Keeps a baseline, in place of one of the same name and subject, whose comparisons go with it.
   * Days after its last one, or all if it came in a file, become due, so that they are compared
   * with it.
   */
  void put(DriftBaseline baseline);

  /** All baselines, by name, organisation, model and feature. */
  List<DriftBaseline> list();

  /** Removes a baseline and all comparisons with it. Returns whether there was one. */
  boolean remove(String name, DriftSubject subject);
}
