package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.postgres.event.TokenColumns;
import ai.pediscreen.telemetry.postgres.usage.RollupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Table {@code daily_aggregate}, which changes together with {@link DriftTable}. */
public final class AggregateTable {

  private static final String COLUMNS =
      """
      SELECT one.*, drift.feature, drift.subgroup, drift.reference, drift.psi,
        drift.critical_value, drift.verdict, drift.p_value, drift.direction, drift.median_shift,
        drift.wasserstein, drift.reference_missing_share, drift.missing_share,
        drift.missing_p_value, drift.summary
      FROM daily_aggregate AS one
      LEFT JOIN drift_record AS drift ON drift.day = one.day AND drift.scope = one.scope
        AND drift.model_id = one.model_id AND drift.feature = 'latency_ms'
        AND drift.subgroup = '' AND drift.reference = 'week'
      """;

  private AggregateTable() {}

  /**
   * Puts the aggregates of a day in place of those that are there.
   *
   * @param drift all drift of the day, that which the aggregates have included
   */
  static void replace(
      Handle handle,
      LocalDate day,
      Collection<DailyAggregate> aggregates,
      Collection<DriftRecord> drift) {
    for (String table : List.of("daily_aggregate", "drift_record")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE day = CAST(:day AS date)")
          .bind("day", day.toString())
          .execute();
    }
    if (!aggregates.isEmpty()) {
      insert(handle, aggregates);
      DriftTable.insert(handle, drift);
    }
  }

  private static void insert(Handle handle, Collection<DailyAggregate> aggregates) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO daily_aggregate (day, scope, model_id, calls, avg_latency_ms,
              error_percent, fallbacks, p50_latency_ms, p95_latency_ms, p99_latency_ms, cost_usd,
              reference_count, current_count, unpriced, %s)
            VALUES (CAST(:day AS date), :scope, :modelId, :calls, :average, :errorPercent,
              :fallbacks, :p50, :p95, :p99, :cost, :referenceCount, :currentCount, :unpriced, %s)
            """
                .formatted(TokenColumns.NAMES, TokenColumns.PARAMETERS));
    for (DailyAggregate one : aggregates) {
      TokenColumns.bind(batch, one.tokens())
          .bind("unpriced", one.unpriced())
          .bind("day", one.date().toString())
          .bind("scope", RollupKey.scope(one.org()))
          .bind("modelId", one.modelId())
          .bind("calls", one.calls())
          .bind("average", one.averageLatencyMillis())
          .bind("errorPercent", one.errorPercent())
          .bind("fallbacks", one.fallbacks())
          .bind("p50", one.p50LatencyMillis())
          .bind("p95", one.p95LatencyMillis())
          .bind("p99", one.p99LatencyMillis())
          .bind("cost", one.costUsd())
          .bind("referenceCount", one.referenceCount())
          .bind("currentCount", one.currentCount())
          .add();
    }
    batch.execute();
  }

  /** All aggregates of a day, those of each organisation included. */
  public static List<DailyAggregate> ofDay(Handle handle, LocalDate day) {
    return handle
        .createQuery(COLUMNS + "WHERE one.day = CAST(:day AS date)")
        .bind("day", day.toString())
        .map((row, context) -> aggregate(row))
        .list();
  }

  public static List<DailyAggregate> select(Handle handle, DayFilter filter) {
    return bind(
            handle.createQuery(
                COLUMNS + conditions("one", filter) + "ORDER BY one.day, one.model_id"),
            filter)
        .map((row, context) -> aggregate(row))
        .list();
  }

  static String conditions(String table, DayFilter filter) {
    return """
    WHERE %1$s.scope = :scope
      AND %1$s.day BETWEEN CAST(:from AS date) AND CAST(:to AS date) %2$s
    """
        .formatted(
            table, filter.modelId() == null ? "" : "AND %s.model_id = :modelId".formatted(table));
  }

  static Query bind(Query query, DayFilter filter) {
    if (filter.modelId() != null) {
      query.bind("modelId", filter.modelId());
    }
    return query
        .bind("scope", RollupKey.scope(filter.org().scope()))
        .bind("from", filter.from().toString())
        .bind("to", filter.to().toString());
  }

  private static DailyAggregate aggregate(ResultSet row) throws SQLException {
    return new DailyAggregate(
        row.getObject("day", LocalDate.class),
        RollupKey.org(row.getString("scope")),
        row.getString("model_id"),
        row.getLong("calls"),
        row.getBigDecimal("avg_latency_ms"),
        row.getBigDecimal("error_percent"),
        row.getLong("fallbacks"),
        row.getLong("p50_latency_ms"),
        row.getLong("p95_latency_ms"),
        row.getLong("p99_latency_ms"),
        row.getBigDecimal("cost_usd"),
        TokenColumns.read(row),
        row.getLong("unpriced"),
        row.getLong("reference_count"),
        row.getLong("current_count"),
        row.getString("feature") == null ? null : DriftTable.record(row));
  }
}
