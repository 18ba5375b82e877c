package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Column.nullable;
import static ai.pediscreen.telemetry.bigquery.Column.required;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import com.google.cloud.bigquery.StandardTableDefinition;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Table {@code daily_aggregates}: a partition for each day, replaced whole. */
final class AggregateTable {

  static final String NAME = "daily_aggregates";

  /**
   * An aggregate and the revision of its day.
   *
   * @param aggregate the figures
   * @param revision which computation of the day they are of
   */
  record Row(DailyAggregate aggregate, long revision) {}

  static final List<Column<Row>> COLUMNS =
      TokenColumns.<Row>after(
          List.of(
              required("date", ColumnType.DATE, row -> row.aggregate().date().toString()),
              nullable("org_id", ColumnType.STRING, row -> row.aggregate().org().orgId()),
              required("model_id", ColumnType.STRING, row -> row.aggregate().modelId()),
              required("calls", ColumnType.INT64, row -> row.aggregate().calls()),
              required(
                  "avg_latency",
                  ColumnType.BIGNUMERIC,
                  row -> row.aggregate().averageLatencyMillis().toPlainString()),
              required(
                  "error_rate",
                  ColumnType.BIGNUMERIC,
                  row -> row.aggregate().errorPercent().toPlainString()),
              required("fallback_count", ColumnType.INT64, row -> row.aggregate().fallbacks()),
              required(
                  "p50_latency_ms", ColumnType.INT64, row -> row.aggregate().p50LatencyMillis()),
              required(
                  "p95_latency_ms", ColumnType.INT64, row -> row.aggregate().p95LatencyMillis()),
              required(
                  "p99_latency_ms", ColumnType.INT64, row -> row.aggregate().p99LatencyMillis()),
              required(
                  "cost_estimate_usd",
                  ColumnType.BIGNUMERIC,
                  row -> row.aggregate().costUsd().toPlainString()),
              required(
                  "reference_count", ColumnType.INT64, row -> row.aggregate().referenceCount()),
              required("current_count", ColumnType.INT64, row -> row.aggregate().currentCount()),
              nullable("psi", ColumnType.FLOAT64, row -> row.aggregate().psi()),
              nullable("critical_value", ColumnType.FLOAT64, ofDrift(DriftRecord::criticalValue)),
              nullable("verdict", ColumnType.STRING, ofDrift(drift -> drift.verdict().name())),
              nullable("p_value", ColumnType.FLOAT64, ofFigures(DriftFigures::pValue)),
              nullable("direction", ColumnType.STRING, ofFigures(DriftTable::direction)),
              nullable("median_shift", ColumnType.FLOAT64, ofFigures(DriftFigures::medianShift)),
              nullable("wasserstein", ColumnType.FLOAT64, ofFigures(DriftFigures::wasserstein)),
              nullable(
                  "reference_missing_share",
                  ColumnType.FLOAT64,
                  ofFigures(DriftFigures::referenceMissingShare)),
              nullable("missing_share", ColumnType.FLOAT64, ofFigures(DriftFigures::missingShare)),
              nullable(
                  "missing_p_value", ColumnType.FLOAT64, ofFigures(DriftFigures::missingPValue)),
              nullable("summary", ColumnType.STRING, ofFigures(DriftFigures::summary)),
              required("revision", ColumnType.INT64, Row::revision),
              nullable("unpriced_calls", ColumnType.INT64, row -> row.aggregate().unpriced())),
          row -> row.aggregate().tokens());

  private AggregateTable() {}

  static StandardTableDefinition definition() {
    return Column.partitioned(COLUMNS, "date").build();
  }

  private static Function<Row, @Nullable Object> ofFigures(
      Function<DriftFigures, @Nullable Object> figure) {
    return row -> {
      DriftRecord drift = row.aggregate().drift();
      return drift == null ? null : figure.apply(drift.figures());
    };
  }

  private static Function<Row, @Nullable Object> ofDrift(Function<DriftRecord, Object> figure) {
    return row -> {
      DriftRecord drift = row.aggregate().drift();
      return drift == null ? null : figure.apply(drift);
    };
  }
}
