package ai.pediscreen.telemetry.postgres.day;

import java.time.LocalDate;
import org.jdbi.v3.core.Handle;

/** Table {@code late_day}: days that events were added to after they were over. */
public final class LateDays {

  private LateDays() {}

  /** Whether there is a mark that the transaction sees. */
  static boolean isMarked(Handle handle, LocalDate day) {
    return handle
        .createQuery("SELECT EXISTS (SELECT FROM late_day WHERE day = CAST(:day AS date))")
        .bind("day", day.toString())
        .mapTo(Boolean.class)
        .one();
  }

  /** Takes away the marks that the transaction sees; those made since its snapshot stay. */
  static void clear(Handle handle, LocalDate day) {
    handle
        .createUpdate("DELETE FROM late_day WHERE day = CAST(:day AS date)")
        .bind("day", day.toString())
        .execute();
  }

  /** Takes away the marks of days that can no longer be computed. */
  public static int deleteBefore(Handle handle, LocalDate first) {
    return handle
        .createUpdate("DELETE FROM late_day WHERE day < CAST(:first AS date)")
        .bind("first", first.toString())
        .execute();
  }
}
