package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Column.nullable;
import static ai.pediscreen.telemetry.bigquery.Column.required;

import ai.pediscreen.telemetry.daily.DriftDirection;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import com.google.cloud.bigquery.StandardTableDefinition;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code daily_drift}: how the latencies of each day compare with each of its references, a
 * partition for each day, replaced whole unless the day has none any more. So a row counts if its
 * revision is that of its day in {@code daily_aggregates}. What was found against the week stands
 * there, too, as it did before there were other references.
 */
final class DriftTable {

  static final String NAME = "daily_drift";

  /**
   * A comparison and the revision of its day.
   *
   * @param drift of the latencies of all events of a model
   * @param revision which computation of the day it is of
   */
  record Row(DriftRecord drift, long revision) {}

  static final List<Column<Row>> COLUMNS =
      List.of(
          required("date", ColumnType.DATE, row -> row.drift().date().toString()),
          nullable("org_id", ColumnType.STRING, row -> row.drift().org().orgId()),
          required("model_id", ColumnType.STRING, row -> row.drift().modelId()),
          required("reference", ColumnType.STRING, row -> row.drift().reference().name()),
          required("reference_count", ColumnType.INT64, row -> row.drift().referenceCount()),
          required("current_count", ColumnType.INT64, row -> row.drift().currentCount()),
          nullable("psi", ColumnType.FLOAT64, row -> row.drift().psi()),
          required("critical_value", ColumnType.FLOAT64, row -> row.drift().criticalValue()),
          required("verdict", ColumnType.STRING, row -> row.drift().verdict().name()),
          nullable("p_value", ColumnType.FLOAT64, figure(DriftFigures::pValue)),
          nullable("direction", ColumnType.STRING, figure(DriftTable::direction)),
          nullable("median_shift", ColumnType.FLOAT64, figure(DriftFigures::medianShift)),
          nullable("wasserstein", ColumnType.FLOAT64, figure(DriftFigures::wasserstein)),
          required(
              "reference_missing_share",
              ColumnType.FLOAT64,
              figure(DriftFigures::referenceMissingShare)),
          required("missing_share", ColumnType.FLOAT64, figure(DriftFigures::missingShare)),
          required("missing_p_value", ColumnType.FLOAT64, figure(DriftFigures::missingPValue)),
          required("summary", ColumnType.STRING, figure(DriftFigures::summary)),
          required("revision", ColumnType.INT64, Row::revision));

  private DriftTable() {}

  static StandardTableDefinition definition() {
    return Column.partitioned(COLUMNS, "date").build();
  }

  static @Nullable String direction(DriftFigures figures) {
    DriftDirection direction = figures.direction();
    return direction == null ? null : direction.name();
  }

  private static Function<Row, @Nullable Object> figure(
      Function<DriftFigures, @Nullable Object> figure) {
    return row -> figure.apply(row.drift().figures());
  }
}
