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

  /** What both tables have of a comparison. */
  private static final String COMPARISON =
      """
      date, org_id, model_id, reference_count, current_count, psi, critical_value, verdict,
            p_value, direction, median_shift, wasserstein, reference_missing_share, missing_share,
            missing_p_value, summary""";

  /**
   * In the order of {@link DriftRecord#NEWEST_FIRST}. What was found against the week is read from
   * where it always was, since days that were exported by an earlier version have it there alone;
   * and against other references only what is of the same revision.
   */
  private static final String DRIFT =
      """
      SELECT *
      FROM (
        SELECT 'week' AS reference, %3$s
        FROM %1$s
        WHERE %4$s
        UNION ALL
        SELECT reference, %3$s
        FROM (SELECT * FROM %2$s WHERE %4$s AND reference <> 'week')
          JOIN (SELECT date, model_id, revision FROM %1$s WHERE %4$s)
            USING (date, model_id, revision)
      )
      WHERE %5$s
      ORDER BY
        date DESC,
        verdict <> 'SIGNIFICANT',
        LEAST(IFNULL(p_value, 1), IFNULL(missing_p_value, 1)),
        psi IS NULL,
        psi DESC,
        model_id,
        reference
      LIMIT @limit
      """;

  /** More alerts than models have days and references. */
  private static final int MAX_ALERTS = 1_000_000;

  private final GoogleSql sql;
  private final String aggregates;
  private final String drift;

  BigQueryDailyFigures(GoogleSql sql, BigQuerySettings settings) {
    this.sql = sql;
    this.aggregates = settings.table(AggregateTable.NAME);
    this.drift = settings.table(DriftTable.NAME);
  }

  @Override
  public List<DailyAggregate> aggregates(DayFilter filter) {
    Conditions conditions = conditions(filter);
    return sql
        .rows(AGGREGATES.formatted(aggregates, conditions.sql()), conditions.parameters())
        .stream()
        .map(BigQueryDailyFigures::aggregate)
        .toList();
  }

  @Override
  public List<DriftRecord> drift(DayFilter filter, int limit) {
    return drift(filter, "verdict IS NOT NULL", limit);
  }

  @Override
  public List<DriftRecord> alerts(DayFilter filter) {
    return drift(filter, "verdict = 'SIGNIFICANT'", MAX_ALERTS);
  }

  private List<DriftRecord> drift(DayFilter filter, String wanted, int limit) {
    Conditions conditions = conditions(filter);
    String query = DRIFT.formatted(aggregates, drift, COMPARISON, conditions.sql(), wanted);
    return sql
        .rows(query, conditions.with("limit", QueryParameterValue.int64((long) limit)).parameters())
        .stream()
        .map(row -> drift(row, new DriftReference(row.get("reference").getStringValue())))
        .toList();
  }

  private static Conditions conditions(DayFilter filter) {
    return Conditions.days(filter.from(), filter.to())
        .figuresOfOrg(filter.org().scope())
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
    return row.get("verdict").isNull() ? null : drift(row, DriftReference.WEEK);
  }

  /** Of a row that may have been exported before there was more than an index. */
  private static DriftRecord drift(FieldValueList row, DriftReference reference) {
    String direction = Fields.text(row.get("direction"));
    String summary = Fields.text(row.get("summary"));
    return new DriftRecord(
        date(row),
        new DriftSubject(org(row), row.get("model_id").getStringValue(), DriftRecord.LATENCY),
        reference,
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
