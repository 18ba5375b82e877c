package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import ai.pediscreen.telemetry.daily.DayTally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jdbi.v3.core.Handle;

/** The raw events of one day. */
final class DayEvents {

  /** What a server that is stopped may leave in buffers without the database waiting for it. */
  private static final int FETCH_SIZE = 2_000;

  private DayEvents() {}

  /**
   * The table to read. The day's own partition where there is one: whoever reads the partitioned
   * table makes those wait who add a partition, and these make ingestion wait. To be asked before
   * the snapshot is taken, so that nothing has moved into a partition since.
   */
  static String source(Handle handle, LocalDate day) {
    return EventPartitions.existing(handle).contains(day) ? EventPartitions.name(day) : "event";
  }

  /** Counts the day's events: grouped by the database, so that few rows travel. */
  static DayTally tally(Handle handle, String source, LocalDate day) {
    handle.execute("SET LOCAL work_mem = '64MB'");
    DayTally tally = new DayTally();
    handle
        .createQuery(
            """
            SELECT org_id, model_id, latency_ms, count(*) AS calls,
              count(*) FILTER (WHERE error) AS errors, count(fallback_to) AS fallbacks,
              coalesce(sum(cost_usd), 0) AS cost_usd
            FROM %s
            WHERE ts >= :start AND ts < :end
            GROUP BY org_id, model_id, latency_ms
            ORDER BY org_id, model_id, latency_ms
            """
                .formatted(source))
        .bind("start", utc(ComputedDayTable.start(day)))
        .bind("end", utc(ComputedDayTable.start(day.plusDays(1))))
        .setFetchSize(FETCH_SIZE)
        .map(
            (row, context) -> {
              add(tally, row);
              return tally;
            })
        .forEach(unused -> {});
    return tally;
  }

  /** How many events the day has by the rollups, which count each one in its own transaction. */
  static long counted(Handle handle, LocalDate day) {
    return handle
        .createQuery(
            """
            SELECT CAST(coalesce(sum(calls), 0) AS bigint)
            FROM usage_rollup
            WHERE width_minutes = 1440 AND scope = '*' AND bucket = :start
            """)
        .bind("start", utc(ComputedDayTable.start(day)))
        .mapTo(Long.class)
        .one();
  }

  private static void add(DayTally tally, ResultSet row) throws SQLException {
    Integer latencyMillis = row.getObject("latency_ms", Integer.class);
    tally.add(
        noneAsNull(row.getString("org_id")),
        noneAsNull(row.getString("model_id")),
        latencyMillis == null ? null : latencyMillis.longValue(),
        row.getLong("calls"),
        row.getLong("errors"),
        row.getLong("fallbacks"),
        row.getBigDecimal("cost_usd"));
  }
}
