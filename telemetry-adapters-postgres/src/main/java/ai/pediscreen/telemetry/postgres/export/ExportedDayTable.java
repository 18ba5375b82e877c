package ai.pediscreen.telemetry.postgres.export;

import ai.pediscreen.telemetry.daily.ComputedDay;
import java.time.LocalDate;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Table {@code exported_day}: at which revision days were exported. */
final class ExportedDayTable {

  private ExportedDayTable() {}

  /** The oldest day that was computed since. */
  static Optional<ComputedDay> oldestDue(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT day, computed_day.revision, aggregates
            FROM computed_day LEFT JOIN exported_day USING (day)
            WHERE computed_day.revision > coalesce(exported_day.revision, 0)
            ORDER BY day
            LIMIT 1
            """)
        .map(
            (row, context) ->
                new ComputedDay(
                    row.getObject("day", LocalDate.class),
                    row.getLong("revision"),
                    row.getInt("aggregates")))
        .findOne();
  }

  static void put(Handle handle, ComputedDay day) {
    handle
        .createUpdate(
            """
            INSERT INTO exported_day AS known (day, revision)
            VALUES (CAST(:day AS date), :revision)
            ON CONFLICT (day) DO UPDATE SET revision = excluded.revision
            WHERE known.revision < excluded.revision
            """)
        .bind("day", day.date().toString())
        .bind("revision", day.revision())
        .execute();
  }
}
