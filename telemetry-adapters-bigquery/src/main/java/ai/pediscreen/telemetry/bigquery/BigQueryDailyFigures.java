package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers from the days that have left for BigQuery. */
final class BigQueryDailyFigures implements DailyFigures {

  private static final String AGGREGATES =
      """
      SELECT *
      FROM %s
      WHERE %s
      ORDER BY date, model_id
      """;

  private static final String DRIFT =
      """
      SELECT date, org_id, model_id, psi, critical_value, verdict, reference_count, current_count
      FROM %s
      WHERE %s
      ORDER BY date DESC, psi DESC, model_id
      LIMIT @limit
      """;

  private final GoogleSql sql;
  private final String aggregates;

  BigQueryDailyFigures(GoogleSql sql, BigQuerySettings settings) {
    this.sql = sql;
    this.aggregates = settings.table(AggregateTable.NAME);
  }

  @Override
  public List<DailyAggregate> aggregates(DayFilter filter) {
    return rows(AGGREGATES, conditions(filter)).stream()
        .map(BigQueryDailyFigures::aggregate)
        .toList();
  }

  @Override
  public List<DriftRecord> drift(DayFilter filter, int limit) {
    Conditions conditions =
        conditions(filter)
            .and("psi IS NOT NULL")
            .with("limit", QueryParameterValue.int64((long) limit));
    return rows(DRIFT, conditions).stream().map(BigQueryDailyFigures::drift).toList();
  }

  private List<FieldValueList> rows(String query, Conditions conditions) {
    return sql.rows(query.formatted(aggregates, conditions.sql()), conditions.parameters());
  }

  private static Conditions conditions(DayFilter filter) {
    return Conditions.days(filter.from(), filter.to())
        .figuresOfOrg(filter.org())
        .ofModel(filter.modelId());
  }

  private static DailyAggregate aggregate(FieldValueList row) {
    return new DailyAggregate(
        date(row),
        org(row),
        row.get("model_id").getStringValue(),
        row.get("calls").getLongValue(),
        row.get("avg_latency").getNumericValue(),
        row.get("error_rate").getNumericValue(),
        row.get("fallback_count").getLongValue(),
        row.get("p50_latency_ms").getLongValue(),
        row.get("p95_latency_ms").getLongValue(),
        row.get("p99_latency_ms").getLongValue(),
        row.get("cost_estimate_usd").getNumericValue(),
        row.get("reference_count").getLongValue(),
        row.get("current_count").getLongValue(),
        driftOrNull(row));
  }

  private static @Nullable DriftRecord driftOrNull(FieldValueList row) {
    return row.get("psi").isNull() ? null : drift(row);
  }

  private static DriftRecord drift(FieldValueList row) {
    return new DriftRecord(
        date(row),
        org(row),
        row.get("model_id").getStringValue(),
        DriftRecord.LATENCY,
        row.get("psi").getDoubleValue(),
        row.get("reference_count").getLongValue(),
        row.get("current_count").getLongValue(),
        row.get("critical_value").getDoubleValue(),
        DriftVerdict.valueOf(row.get("verdict").getStringValue()));
  }

  private static LocalDate date(FieldValueList row) {
    return LocalDate.parse(row.get("date").getStringValue());
  }

  private static OrgScope org(FieldValueList row) {
    return new OrgScope(Fields.text(row.get("org_id")));
  }
}
