package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Tables {@code daily_aggregate} and {@code drift_record}, which change together. */
final class AggregateTable {

  private static final String COLUMNS =
      """
      SELECT one.*, drift.feature, drift.psi, drift.critical_value, drift.verdict
      FROM daily_aggregate AS one
      LEFT JOIN drift_record AS drift ON drift.day = one.day AND drift.scope = one.scope
        AND drift.model_id = one.model_id AND drift.feature = 'latency_ms'
      """;

  private AggregateTable() {}

  /**
   * Puts the aggregates of a day in place of those that are there.
   *
   * @param featureDrift drift of anything but the latency, which the aggregates have
   */
  static void replace(
      Handle handle,
      LocalDate day,
      Collection<DailyAggregate> aggregates,
      Collection<DriftRecord> featureDrift) {
    for (String table : List.of("daily_aggregate", "drift_record")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE day = CAST(:day AS date)")
          .bind("day", day.toString())
          .execute();
    }
    if (!aggregates.isEmpty()) {
      insert(handle, aggregates);
      insertDrift(
          handle,
          Stream.concat(
                  aggregates.stream().flatMap(one -> Stream.ofNullable(one.drift())),
                  featureDrift.stream())
              .toList());
    }
  }

  private static void insert(Handle handle, Collection<DailyAggregate> aggregates) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO daily_aggregate (day, scope, model_id, calls, avg_latency_ms,
              error_percent, fallbacks, p50_latency_ms, p95_latency_ms, p99_latency_ms, cost_usd,
              reference_count, current_count)
            VALUES (CAST(:day AS date), :scope, :modelId, :calls, :average, :errorPercent,
              :fallbacks, :p50, :p95, :p99, :cost, :referenceCount, :currentCount)
            """);
    for (DailyAggregate one : aggregates) {
      batch
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

  private static void insertDrift(Handle handle, List<DriftRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO drift_record (day, scope, model_id, feature, psi, reference_count,
              current_count, critical_value, verdict)
            VALUES (CAST(:day AS date), :scope, :modelId, :feature, :psi, :referenceCount,
              :currentCount, :criticalValue, :verdict)
            """);
    for (DriftRecord one : records) {
      batch
          .bind("day", one.date().toString())
          .bind("scope", RollupKey.scope(one.org()))
          .bind("modelId", one.modelId())
          .bind("feature", one.feature())
          .bind("psi", one.psi())
          .bind("referenceCount", one.referenceCount())
          .bind("currentCount", one.currentCount())
          .bind("criticalValue", one.criticalValue())
          .bind("verdict", one.verdict().name())
          .add();
    }
    batch.execute();
  }

  /** All aggregates of a day, those of each organisation included. */
  static List<DailyAggregate> ofDay(Handle handle, LocalDate day) {
    return handle
        .createQuery(COLUMNS + "WHERE one.day = CAST(:day AS date)")
        .bind("day", day.toString())
        .map((row, context) -> aggregate(row))
        .list();
  }

  static List<DailyAggregate> select(Handle handle, DayFilter filter) {
    return bind(
            handle.createQuery(
                COLUMNS + conditions("one", filter) + "ORDER BY one.day, one.model_id"),
            filter)
        .map((row, context) -> aggregate(row))
        .list();
  }

  static List<DriftRecord> drift(Handle handle, DayFilter filter, int limit) {
    return bind(
            handle.createQuery(
                "SELECT * FROM drift_record AS one "
                    + conditions("one", filter)
                    + "ORDER BY one.day DESC, one.psi DESC, one.model_id, one.feature LIMIT :limit"),
            filter)
        .bind("limit", limit)
        .map((row, context) -> drift(row))
        .list();
  }

  private static String conditions(String table, DayFilter filter) {
    return """
    WHERE %1$s.scope = :scope
      AND %1$s.day BETWEEN CAST(:from AS date) AND CAST(:to AS date) %2$s
    """
        .formatted(
            table, filter.modelId() == null ? "" : "AND %s.model_id = :modelId".formatted(table));
  }

  private static Query bind(Query query, DayFilter filter) {
    if (filter.modelId() != null) {
      query.bind("modelId", filter.modelId());
    }
    return query
        .bind("scope", RollupKey.scope(filter.org()))
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
        row.getLong("reference_count"),
        row.getLong("current_count"),
        row.getString("feature") == null ? null : drift(row));
  }

  private static DriftRecord drift(ResultSet row) throws SQLException {
    return new DriftRecord(
        row.getObject("day", LocalDate.class),
        RollupKey.org(row.getString("scope")),
        row.getString("model_id"),
        row.getString("feature"),
        row.getDouble("psi"),
        row.getLong("reference_count"),
        row.getLong("current_count"),
        row.getDouble("critical_value"),
        DriftVerdict.valueOf(row.getString("verdict")));
  }
}
