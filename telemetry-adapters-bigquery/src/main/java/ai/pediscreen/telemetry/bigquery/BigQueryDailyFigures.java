package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftDirection;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import com.google.cloud.bigquery.FieldValue;
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

  /** In the order of {@link DriftRecord#NEWEST_FIRST}. */
  private static final String DRIFT =
      """
      SELECT *
      FROM %s
      WHERE %s
      ORDER BY
        date DESC,
        verdict <> 'SIGNIFICANT',
        LEAST(IFNULL(p_value, 1), IFNULL(missing_p_value, 1)),
        psi IS NULL,
        psi DESC,
        model_id
      LIMIT @limit
      """;

  /** More alerts than models have days. */
  private static final int MAX_ALERTS = 1_000_000;

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
    return drift(conditions(filter).and("verdict IS NOT NULL"), limit);
  }

  @Override
  public List<DriftRecord> alerts(DayFilter filter) {
    return drift(conditions(filter).and("verdict = 'SIGNIFICANT'"), MAX_ALERTS);
  }

  private List<DriftRecord> drift(Conditions conditions, int limit) {
    return rows(DRIFT, conditions.with("limit", QueryParameterValue.int64((long) limit))).stream()
        .map(BigQueryDailyFigures::drift)
        .toList();
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
        TokenColumns.read(row),
        Fields.integerOr(row.get("unpriced_calls"), 0),
        row.get("reference_count").getLongValue(),
        row.get("current_count").getLongValue(),
        driftOrNull(row));
  }

  private static @Nullable DriftRecord driftOrNull(FieldValueList row) {
    return row.get("verdict").isNull() ? null : drift(row);
  }

  /** Of a row that may have been exported before there was more than an index. */
  private static DriftRecord drift(FieldValueList row) {
    String direction = Fields.text(row.get("direction"));
    String summary = Fields.text(row.get("summary"));
    return new DriftRecord(
        date(row),
        new DriftSubject(org(row), row.get("model_id").getStringValue(), DriftRecord.LATENCY),
        DriftReference.WEEK,
        new DriftFigures(
            number(row, "psi"),
            row.get("reference_count").getLongValue(),
            row.get("current_count").getLongValue(),
            numberOr(row, "critical_value", 0),
            number(row, "p_value"),
            direction == null ? null : DriftDirection.valueOf(direction),
            number(row, "median_shift"),
            number(row, "wasserstein"),
            numberOr(row, "reference_missing_share", 0),
            numberOr(row, "missing_share", 0),
            numberOr(row, "missing_p_value", 1),
            summary == null ? "" : summary),
        DriftVerdict.valueOf(row.get("verdict").getStringValue()));
  }

  private static @Nullable Double number(FieldValueList row, String name) {
    FieldValue value = row.get(name);
    return value.isNull() ? null : value.getDoubleValue();
  }

  private static double numberOr(FieldValueList row, String name, double absent) {
    Double number = number(row, name);
    return number == null ? absent : number;
  }

  private static LocalDate date(FieldValueList row) {
    return LocalDate.parse(row.get("date").getStringValue());
  }

  private static OrgScope org(FieldValueList row) {
    return new OrgScope(Fields.text(row.get("org_id")));
  }
}
