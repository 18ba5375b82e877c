package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.LatencyHistogram;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageSeries;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the events that have left for BigQuery, those of now a little later than elsewhere.
 *
 * @implNote Each answer is one query, and so of one state of the table, and reads each event once:
 *     GROUPING SETS count it by day, by latency bin and by label. The bins are those of {@link
 *     LatencyHistogram}, so percentiles are made of the same counts as everywhere, by the same
 *     code. An answer's rows are as many as models × (days + bins + labels); a series' as many as
 *     steps × bins.
 */
final class BigQueryUsageQueries implements UsageQueries {

  /** By model and day, and by model and latency bin. */
  private static final String COUNTS =
      """
      SELECT
        CASE
          WHEN GROUPING(day) = 0 THEN 'DAY'
          WHEN GROUPING(latency_bin) = 0 THEN 'LATENCY'%s
        END AS part,
        model_id,
        day,
        %s AS label,
        COUNT(*) AS calls,
        COUNTIF(error) AS errors,
        COUNTIF(fallback_to IS NOT NULL) AS fallbacks,
        MIN(latency_ms) AS some_latency_ms,
        IFNULL(SUM(latency_ms), 0) AS latency_sum_ms,
        IFNULL(SUM(cost_estimate_usd), 0) AS cost_usd,
        {tokens},
        UNIX_MICROS(MAX(timestamp)) AS newest_micros
      FROM (
        SELECT
          *,
          DATE(timestamp, 'UTC') AS day,
          RANGE_BUCKET(latency_ms, @latency_edges) AS latency_bin,
          %s AS error
        FROM %s
        WHERE %s
      )
      GROUP BY GROUPING SETS ((model_id, day), (model_id, latency_bin)%s)
      """
          .replace("{tokens}", TokenColumns.SUMS);

  private static final String MODEL_PARTS =
      """

          WHEN GROUPING(adapter_id) = 0 THEN 'ADAPTER'
          WHEN GROUPING(provider) = 0 THEN 'PROVIDER'""";

  /** A row for each reason, and one of no reason that has the newest calls. */
  private static final String REPORT =
      """
      SELECT
        reason,
        COUNT(*) AS calls,
        UNIX_MICROS(MAX(timestamp)) AS newest_micros,
        IF(
          GROUPING(reason) = 1,
          ARRAY_AGG(
            STRUCT(
              event_id,
              UNIX_MICROS(timestamp) AS timestamp_micros,
              org_id,
              model_id,
              error_code,
              status_code,
              fallback_to,
              latency_ms,
              case_id,
              trace_id)
            ORDER BY timestamp DESC, event_id, org_id
            LIMIT @limit),
          NULL) AS newest
      FROM (
        SELECT *, %s AS reason
        FROM %s
        WHERE %s
      )
      GROUP BY GROUPING SETS ((reason), ())
      """;

  /** By step and latency bin. */
  private static final String SERIES =
      """
      SELECT
        step_micros,
        COUNT(*) AS calls,
        COUNTIF(error) AS errors,
        COUNTIF(fallback_to IS NOT NULL) AS fallbacks,
        MIN(latency_ms) AS some_latency_ms,
        IFNULL(SUM(latency_ms), 0) AS latency_sum_ms,
        IFNULL(SUM(cost_estimate_usd), 0) AS cost_usd,
        {tokens}
      FROM (
        SELECT
          *,
          UNIX_MICROS(TIMESTAMP_TRUNC(timestamp, %s, 'UTC')) AS step_micros,
          RANGE_BUCKET(latency_ms, @latency_edges) AS latency_bin,
          %s AS error
        FROM %s
        WHERE %s
      )
      GROUP BY step_micros, latency_bin
      """
          .replace("{tokens}", TokenColumns.SUMS);

  /** From the table itself: a copy of an event has the same organisation. */
  private static final String ORGANISATIONS =
      """
      SELECT DISTINCT org_id
      FROM %s
      WHERE %s
      ORDER BY org_id
      LIMIT @limit
      """;

  /** Before and after all timestamps that an event may have. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final String IS_ERROR =
      "(status_code IS NULL OR status_code NOT BETWEEN 200 AND 299)";
  private static final String ERROR_REASON =
      """
      COALESCE(error_code, CONCAT('http_', CAST(status_code AS STRING)), 'unknown')""";

  private static final QueryParameterValue LATENCY_EDGES =
      QueryParameterValue.array(
          LatencyHistogram.edges().toArray(Long[]::new), StandardSQLTypeName.INT64);

  private final GoogleSql sql;
  private final String events;
  private final String rawEvents;

  BigQueryUsageQueries(GoogleSql sql, BigQuerySettings settings) {
    this.sql = sql;
    this.events = settings.table(EventTable.VIEW);
    this.rawEvents = settings.table(EventTable.NAME);
  }

  @Override
  public Overview overview(UsageFilter filter) {
    return summary(filter, "", "CAST(NULL AS STRING)", "").overview();
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    return summary(
            filter,
            MODEL_PARTS,
            "COALESCE(adapter_id, provider)",
            ", (model_id, adapter_id), (model_id, provider)")
        .models(limit);
  }

  @Override
  public CallReport errors(UsageFilter filter, int limit) {
    return report(filter, UsageLabel.Kind.ERROR, ERROR_REASON, IS_ERROR, limit);
  }

  @Override
  public CallReport fallbacks(UsageFilter filter, int limit) {
    return report(
        filter, UsageLabel.Kind.FALLBACK, "fallback_to", "fallback_to IS NOT NULL", limit);
  }

  @Override
  public List<UsagePoint> series(UsageFilter filter) {
    Conditions conditions = conditions(filter).with("latency_edges", LATENCY_EDGES);
    UsageSeries series = new UsageSeries(filter.window());
    for (FieldValueList row :
        sql.rows(
            SERIES.formatted(UsageStep.of(filter.window()), IS_ERROR, events, conditions.sql()),
            conditions.parameters())) {
      Long latencyMillis = Fields.integer(row.get("some_latency_ms"));
      long calls = row.get("calls").getLongValue();
      series.add(
          Fields.instant(row.get("step_micros")),
          tally(
              row,
              null,
              latencyMillis == null ? new LatencyHistogram() : latencies(latencyMillis, calls)));
    }
    return series.points();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The one question that no window bounds: it reads one column of the whole table.
   */
  @Override
  public List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    Conditions conditions =
        Conditions.events(EARLIEST, TelemetryEvent.END)
            .and("org_id IS NOT NULL AND org_id > @after")
            .ofOrg(org)
            // No name is empty.
            .with("after", QueryParameterValue.string(after == null ? "" : after))
            .with("limit", QueryParameterValue.int64((long) limit));
    return sql
        .rows(ORGANISATIONS.formatted(rawEvents, conditions.sql()), conditions.parameters())
        .stream()
        .map(row -> row.get("org_id").getStringValue())
        .toList();
  }

  private UsageSummary summary(UsageFilter filter, String parts, String label, String sets) {
    Conditions conditions = conditions(filter).with("latency_edges", LATENCY_EDGES);
    UsageSummary summary = new UsageSummary(filter);
    for (FieldValueList row :
        sql.rows(
            COUNTS.formatted(parts, label, IS_ERROR, events, conditions.sql(), sets),
            conditions.parameters())) {
      add(row, summary);
    }
    return summary;
  }

  private static void add(FieldValueList row, UsageSummary summary) {
    String modelId = Fields.text(row.get("model_id"));
    long calls = row.get("calls").getLongValue();
    Instant newest = Fields.instant(row.get("newest_micros"));
    String part = row.get("part").getStringValue();
    switch (part) {
      case "DAY" ->
          summary.add(
              LocalDate.parse(row.get("day").getStringValue()),
              modelId,
              tally(row, newest, new LatencyHistogram()));
      case "LATENCY" -> {
        Long latencyMillis = Fields.integer(row.get("some_latency_ms"));
        if (latencyMillis != null) {
          summary.add(modelId, latencies(latencyMillis, calls));
        }
      }
      case "ADAPTER", "PROVIDER" -> {
        String label = Fields.text(row.get("label"));
        if (label != null) {
          summary.add(modelId, new UsageLabel(UsageLabel.Kind.valueOf(part), label), calls, newest);
        }
      }
      default -> throw new IllegalStateException("a row that was not asked for: " + part);
    }
  }

  private static UsageTally tally(
      FieldValueList row, @Nullable Instant newest, LatencyHistogram latencies) {
    return new UsageTally(
        new UsageTally.Counts(
            row.get("calls").getLongValue(),
            row.get("errors").getLongValue(),
            row.get("fallbacks").getLongValue(),
            row.get("unpriced_calls").getLongValue()),
        row.get("latency_sum_ms").getLongValue(),
        row.get("cost_usd").getNumericValue(),
        TokenColumns.read(row),
        newest,
        latencies);
  }

  private static LatencyHistogram latencies(long latencyMillis, long times) {
    LatencyHistogram latencies = new LatencyHistogram();
    latencies.record(latencyMillis, times);
    return latencies;
  }

  private CallReport report(
      UsageFilter filter, UsageLabel.Kind kind, String reason, String wanted, int limit) {
    UsageSummary.requireLimit(limit);
    Conditions conditions =
        conditions(filter).and(wanted).with("limit", QueryParameterValue.int64((long) limit));
    UsageSummary summary = new UsageSummary(filter);
    List<Call> newest = new ArrayList<>();
    for (FieldValueList row :
        sql.rows(REPORT.formatted(reason, events, conditions.sql()), conditions.parameters())) {
      String name = Fields.text(row.get("reason"));
      if (name != null) {
        summary.add(
            null,
            new UsageLabel(kind, name),
            row.get("calls").getLongValue(),
            Fields.instant(row.get("newest_micros")));
      } else {
        for (FieldValue call : row.get("newest").getRepeatedValue()) {
          newest.add(call(call.getRecordValue()));
        }
      }
    }
    return summary.report(kind, newest);
  }

  /** By the order of the STRUCT: the client knows no names within a repeated record. */
  private static Call call(FieldValueList fields) {
    Long statusCode = Fields.integer(fields.get(5));
    return new Call(
        fields.get(0).getStringValue(),
        Fields.instant(fields.get(1)),
        Fields.text(fields.get(2)),
        Fields.text(fields.get(3)),
        Fields.text(fields.get(4)),
        statusCode == null ? null : (Integer) statusCode.intValue(),
        Fields.text(fields.get(6)),
        Fields.integer(fields.get(7)),
        Fields.text(fields.get(8)),
        Fields.text(fields.get(9)));
  }

  private static Conditions conditions(UsageFilter filter) {
    return Conditions.events(filter.window().since(), filter.window().end())
        .ofOrg(filter.org())
        .ofModel(filter.modelId());
  }
}
