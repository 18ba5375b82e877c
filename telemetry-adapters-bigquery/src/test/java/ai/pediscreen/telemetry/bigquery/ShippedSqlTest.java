package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.drift.Binning;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.zetasql.SqlException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every statement that leaves this module is one that BigQuery's own analyser takes. */
@RunsGoogleSql
class ShippedSqlTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final LocalDate DAY = LocalDate.parse("2026-03-10");

  private final Evaluator evaluator = new Evaluator();

  @AfterEach
  void close() {
    evaluator.close();
  }

  @Test
  void everyQuery_isValid_andPruned() {
    Map<String, Map<String, QueryParameterValue>> queries = queries();

    // Five questions about usage and three about days, each with and without organisation and
    // model; a series in minutes and in days too; organisations, and drift, which is the same for
    // all binnings and references, with and without organisation.
    assertThat(queries).hasSize(5 * 4 + 3 * 4 + 2 + 2 + 2);
    queries.forEach(
        (sql, parameters) -> {
          assertThatCode(() -> evaluator.analysed(sql, parameters))
              .as(sql)
              .doesNotThrowAnyException();
          assertThat(sql)
              .containsPattern("WHERE (timestamp|date) >= @since AND (timestamp|date) < @until")
              .doesNotContainPattern("(?i)current_(date|time|timestamp)|date\\(timestamp\\)");
          assertThat(parameters).containsKeys("since", "until");
        });
  }

  @Test
  void erasures_areValid_andNameThePartitions() {
    BigQueryErasure erasure =
        new BigQueryErasure(
            () -> {
              throw new AssertionError("nothing is sent");
            },
            Evaluator.SETTINGS);
    List<LegalHold> holds =
        List.of(
            new LegalHold("org", null, null, Instant.EPOCH),
            new LegalHold("other", "case", null, Instant.EPOCH));
    for (ErasureField field : ErasureField.values()) {
      for (OrgFilter scope : List.of(OrgFilter.all(), new OrgFilter("org"))) {
        QueryJobConfiguration statement =
            erasure.statement(
                field == ErasureField.ORG_ID
                    ? ErasureSelection.ofOrganisation("org")
                    : new ErasureSelection(scope, field, Set.of("a", "b")),
                holds);
        String sql = statement.getQuery();
        assertThatCode(() -> evaluator.analysed(sql, statement.getNamedParameters()))
            .as(sql)
            .doesNotThrowAnyException();
        assertThat(sql).contains("WHERE timestamp >= ");
      }
    }
  }

  @Test
  void tablesAndView_areValid() {
    for (String ddl :
        List.of(
            ddl(EventTable.NAME, EventTable.definition()),
            ddl(AggregateTable.NAME, AggregateTable.definition()),
            ddl(DriftTable.NAME, DriftTable.definition()),
            "CREATE VIEW %s AS %s"
                .formatted(
                    Evaluator.SETTINGS.table(EventTable.VIEW),
                    EventTable.viewQuery(Evaluator.SETTINGS)))) {
      assertThatCode(() -> evaluator.analysed(ddl, Map.of())).as(ddl).doesNotThrowAnyException();
    }
  }

  @Test
  void analyser_refuses_whenAStatementIsWrong() {
    for (String wrong :
        List.of(
            "SELECT latency FROM " + Evaluator.SETTINGS.table(EventTable.VIEW),
            "SELECT SUM(model_id) FROM " + Evaluator.SETTINGS.table(EventTable.VIEW),
            "SELECT 1 FROM `some-project.telemetry.others`",
            "SELECT @unknown",
            "CREATE TABLE t (a VARCHAR)")) {
      assertThatThrownBy(() -> evaluator.analysed(wrong, Map.of()))
          .as(wrong)
          .isInstanceOf(SqlException.class);
    }
  }

  /** All that can be asked, by text, with its parameters. */
  private Map<String, Map<String, QueryParameterValue>> queries() {
    Map<String, Map<String, QueryParameterValue>> queries = new LinkedHashMap<>();
    GoogleSql recording =
        (sql, parameters) -> {
          queries.put(sql, parameters);
          return evaluator.rows(sql, parameters);
        };
    BigQueryUsageQueries usage = new BigQueryUsageQueries(recording, Evaluator.SETTINGS);
    BigQueryDailyFigures days = new BigQueryDailyFigures(recording, Evaluator.SETTINGS);
    LatencyDrift drift = new LatencyDrift(recording, Evaluator.SETTINGS);
    TimeWindow window = TimeWindow.last(UsageRange.WEEK, NOW);
    for (UsageRange range : UsageRange.values()) {
      usage.series(new UsageFilter(OrgFilter.all(), null, TimeWindow.last(range, NOW)));
    }
    for (String org : Arrays.<@Nullable String>asList(null, "org")) {
      OrgFilter scope = new OrgFilter(org);
      usage.organisations(scope, null, 100);
      for (String model : Arrays.<@Nullable String>asList(null, "model")) {
        UsageFilter filter = new UsageFilter(scope, model, window);
        usage.overview(filter);
        usage.models(filter, 20);
        usage.errors(filter, 100);
        usage.fallbacks(filter, 100);
        usage.series(filter);
        DayFilter day = new DayFilter(scope, model, DAY.minusDays(7), DAY);
        days.aggregates(day);
        days.drift(day, 100);
        days.alerts(day);
      }
      for (Binning binning : List.of(Binning.seed(10), Binning.referenceQuantiles(5))) {
        PopulationStabilityIndex index = PopulationStabilityIndex.standard().withBinning(binning);
        drift.of(scope, DAY, DriftReference.WEEK, index);
        drift.of(scope, DAY, DriftReference.WEEKDAYS, index);
        drift.of(scope, DAY, DAY.minusDays(90), DAY.minusDays(60), index);
      }
    }
    return queries;
  }

  /** What the definition, which the REST interface takes, is as a statement. */
  private static String ddl(String name, StandardTableDefinition definition) {
    String columns =
        requireNonNull(definition.getSchema()).getFields().stream()
            .map(
                field ->
                    "%s %s%s"
                        .formatted(
                            field.getName(),
                            field.getType().getStandardType(),
                            field.getMode() == Field.Mode.REQUIRED ? " NOT NULL" : ""))
            .collect(Collectors.joining(", "));
    String by = requireNonNull(requireNonNull(definition.getTimePartitioning()).getField());
    String clusters =
        definition.getClustering() == null
            ? ""
            : " CLUSTER BY " + String.join(", ", definition.getClustering().getFields());
    return "CREATE TABLE %s (%s) PARTITION BY %s%s OPTIONS (require_partition_filter = TRUE)"
        .formatted(
            Evaluator.SETTINGS.table(name),
            columns,
            by.equals("date") ? by : "DATE(" + by + ")",
            clusters);
  }
}
