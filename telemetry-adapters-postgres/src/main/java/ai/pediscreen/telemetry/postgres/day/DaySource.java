package ai.pediscreen.telemetry.postgres.day;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.postgres.event.TokenColumns;
import ai.pediscreen.telemetry.postgres.partition.EventPartitions;
import ai.pediscreen.telemetry.postgres.usage.NameLimit;
import java.time.LocalDate;
import org.jdbi.v3.core.Handle;

/** Where the raw events of one day are read from, by {@link DayEvents}. */
final class DaySource {

  /**
   * The events of a day that may have more models than are counted by name: those with the most
   * calls keep their names, of each organisation and of all together, so that a computation holds
   * no more than that.
   */
  private static final String BOUNDED =
      """
      (SELECT ts, org_id, CASE WHEN named.model_id IS NULL AND sent.model_id > '' THEN 'other'
          ELSE sent.model_id END AS model_id,
        error, latency_ms, fallback_to, cost_usd, %4$s, payload
      FROM %1$s AS sent LEFT JOIN (
        SELECT org_id, model_id
        FROM (
          SELECT org_id, model_id,
            row_number() OVER (PARTITION BY org_id ORDER BY calls DESC, model_id) AS place
          FROM counted) AS of_each
        JOIN (
          SELECT model_id, row_number() OVER (ORDER BY sum(calls) DESC, model_id) AS place_of_all
          FROM counted GROUP BY model_id) AS of_all USING (model_id)
        WHERE place <= %2$d AND place_of_all <= %3$d) AS named USING (org_id, model_id)) AS bounded
      """
          .replace(
              "counted",
              """
              (SELECT org_id, model_id, count(*) AS calls FROM %1$s
                WHERE ts >= :start AND ts < :end AND model_id > ''
                GROUP BY org_id, model_id) AS counted\
              """);

  private DaySource() {}

  /**
   * The table to read, with models beyond the limit under one name. It is the day's own partition
   * if there is one: a read of the partitioned table would block those who add a partition, and
   * these block ingestion. Call it before the snapshot is taken, so that nothing has moved into a
   * partition since.
   */
  static String of(Handle handle, LocalDate day, int namesPerDay) {
    String table =
        EventPartitions.existing(handle).contains(day) ? EventPartitions.name(day) : "event";
    return models(handle, day, namesPerDay) > namesPerDay
        ? BOUNDED.formatted(
            table, namesPerDay, NameLimit.FLEET_FACTOR * namesPerDay, TokenColumns.NAMES)
        : table;
  }

  /** How many models the day has by the figures, which are bounded themselves. */
  private static int models(Handle handle, LocalDate day, int enough) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM (
              SELECT FROM usage_rollup
              WHERE width_minutes = 1440 AND scope = '*' AND bucket = :start
              LIMIT :enough + 1) AS models
            """)
        .bind("start", utc(ComputedDayTable.start(day)))
        .bind("enough", enough)
        .mapTo(Integer.class)
        .one();
  }
}
