package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.EarlierAggregate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Table {@code earlier_aggregate}: days of the replaced service. */
public final class EarlierAggregateTable {

  private EarlierAggregateTable() {}

  /** Enters rows, in place of those of the same day and model; returns how many. */
  public static int put(Handle handle, List<EarlierAggregate> aggregates) {
    if (aggregates.isEmpty()) {
      return 0;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO earlier_aggregate
              (day, model_id, calls, avg_latency_ms, error_percent, fallbacks, psi)
            VALUES (CAST(:day AS date), :modelId, :calls, :average, :errorPercent, :fallbacks, :psi)
            ON CONFLICT (day, model_id) DO UPDATE SET calls = excluded.calls,
              avg_latency_ms = excluded.avg_latency_ms, error_percent = excluded.error_percent,
              fallbacks = excluded.fallbacks, psi = excluded.psi
            """);
    for (EarlierAggregate one : aggregates) {
      batch
          .bind("day", one.date().toString())
          .bind("modelId", one.modelId())
          .bind("calls", one.calls())
          .bind("average", one.averageLatencyMillis())
          .bind("errorPercent", one.errorPercent())
          .bind("fallbacks", one.fallbacks())
          .bind("psi", one.psi())
          .add();
    }
    return batch.execute().length;
  }

  /** Those of days that are not computed here. */
  static List<EarlierAggregate> select(Handle handle, DayFilter filter) {
    return handle
        .createQuery(
            """
            SELECT * FROM earlier_aggregate AS one
            WHERE day BETWEEN CAST(:from AS date) AND CAST(:to AS date)
              AND (CAST(:modelId AS text) IS NULL OR model_id = :modelId)
              AND NOT EXISTS (SELECT FROM computed_day
                WHERE computed_day.day = one.day AND computed_day.events > 0)
            ORDER BY day, model_id
            """)
        .bind("from", filter.from().toString())
        .bind("to", filter.to().toString())
        .bind("modelId", filter.modelId())
        .map((row, context) -> aggregate(row))
        .list();
  }

  private static EarlierAggregate aggregate(ResultSet row) throws SQLException {
    return new EarlierAggregate(
        row.getObject("day", LocalDate.class),
        row.getString("model_id"),
        row.getLong("calls"),
        row.getBigDecimal("avg_latency_ms"),
        row.getBigDecimal("error_percent"),
        row.getLong("fallbacks"),
        psi(row));
  }

  private static @Nullable Double psi(ResultSet row) throws SQLException {
    double psi = row.getDouble("psi");
    return row.wasNull() ? null : psi;
  }
}
