package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;

/**
 * A UTC day whose aggregates are stored.
 *
 * @param date the day
 * @param revision 1 when first computed, one more each time it was computed again: a copy of the
 *     day made at a lower revision may be out of date
 * @param aggregates how many aggregates it has, those of each organisation included
 */
public record ComputedDay(LocalDate date, long revision, int aggregates) {

  public ComputedDay {
    if (revision < 1 || aggregates < 0) {
      throw new IllegalArgumentException(
          "revision must be at least 1 and aggregates at least 0, but are %d and %d"
              .formatted(revision, aggregates));
    }
  }
}
