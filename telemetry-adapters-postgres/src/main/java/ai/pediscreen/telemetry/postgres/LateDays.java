package ai.pediscreen.telemetry.postgres;

import java.time.LocalDate;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** Table {@code late_day}: days that events were added to after they were over. */
final class LateDays {

  private LateDays() {}

  /** Leaves a mark for each day; never waits for anyone. */
  static void mark(Handle handle, Collection<LocalDate> days) {
    if (!days.isEmpty()) {
      handle
          .createUpdate(
              "INSERT INTO late_day (day) SELECT day FROM unnest(CAST(:days AS date[])) AS t (day)")
          .bindArray("days", String.class, days.stream().map(LocalDate::toString).toList())
          .execute();
    }
  }
}
