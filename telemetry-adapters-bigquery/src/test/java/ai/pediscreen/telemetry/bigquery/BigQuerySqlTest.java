package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real client sends and makes of answers. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BigQuerySqlTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30.123456Z");
  private static final String ONE_ROW =
      """
      {"jobComplete": true, "totalRows": "1", "totalBytesBilled": "600",
        "jobReference": {"projectId": "some-project", "jobId": "j", "location": "EU"},
        "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "NULLABLE"}]},
        "rows": [{"f": [{"v": "7"}]}]}
      """;

  private final QueryService service = new QueryService();
  private final BigQuerySettings settings =
      BigQuerySettings.of("some-project", "telemetry")
          .withEndpoints(service.endpoint(), null)
          .withQueryLimits(5_000, 1_000, Duration.ofSeconds(20));
  private Instant now = NOW;

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void query_isSentWithItsLimitsAndTypedParameters() {
    service.thenAnswer(200, ONE_ROW);

    List<FieldValueList> rows =
        sql(settings)
            .rows(
                "SELECT @org_id",
                Conditions.events(NOW, NOW.plusSeconds(1))
                    .ofOrg(OrgFilter.of("🙂"))
                    .with(
                        "edges",
                        QueryParameterValue.array(new Long[] {1L, 2L}, StandardSQLTypeName.INT64))
                    .parameters());

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).get("n").getLongValue()).isEqualTo(7);
    assertThat(service.requests()).hasSize(1);
    JsonObject body = service.requests().get(0).body();
    assertThat(body.get("query").getAsString()).isEqualTo("SELECT @org_id");
    assertThat(body.get("useLegacySql").getAsBoolean()).isFalse();
    assertThat(body.get("maximumBytesBilled").getAsLong()).isEqualTo(5_000);
    assertThat(body.get("jobTimeoutMs").getAsLong()).isEqualTo(20_000);
    assertThat(body.get("timeoutMs").getAsLong()).isEqualTo(20_000);
    assertThat(parameter(body, "since")).isEqualTo("TIMESTAMP 2026-03-10 12:00:30.123456+00:00");
    assertThat(parameter(body, "org_id")).isEqualTo("STRING 🙂");
    assertThat(parameter(body, "edges")).startsWith("ARRAY");
  }

  @Test
  void results_areReadToTheLastPage_inTheJobsLocation() {
    service
        .thenAnswer(
            200,
            """
            {"jobComplete": true, "totalRows": "3", "pageToken": "next", "cacheHit": false,
              "jobReference": {"projectId": "some-project", "jobId": "j-1", "location": "EU"},
              "schema": {"fields": [
                {"name": "reason", "type": "STRING", "mode": "NULLABLE"},
                {"name": "calls", "type": "INTEGER", "mode": "NULLABLE"},
                {"name": "newest_micros", "type": "INTEGER", "mode": "NULLABLE"},
                {"name": "newest", "type": "RECORD", "mode": "REPEATED", "fields": [
                  {"name": "event_id", "type": "STRING"},
                  {"name": "timestamp_micros", "type": "INTEGER"},
                  {"name": "org_id", "type": "STRING"},
                  {"name": "model_id", "type": "STRING"},
                  {"name": "error_code", "type": "STRING"},
                  {"name": "status_code", "type": "INTEGER"},
                  {"name": "fallback_to", "type": "STRING"},
                  {"name": "latency_ms", "type": "INTEGER"},
                  {"name": "case_id", "type": "STRING"},
                  {"name": "trace_id", "type": "STRING"}]}]},
              "rows": [
                {"f": [{"v": "TIMEOUT"}, {"v": "4"}, {"v": "1773144030123456"}, {"v": []}]}]}
            """)
        .thenAnswer(
            200,
            """
            {"jobReference": {"projectId": "some-project", "jobId": "j-1", "location": "EU"},
              "configuration": {"jobType": "QUERY", "query": {"query": "SELECT 1",
                "destinationTable":
                  {"projectId": "some-project", "datasetId": "_a", "tableId": "anon"}}},
              "status": {"state": "DONE"}}
            """)
        .thenAnswer(
            200,
            """
            {"totalRows": "3", "pageToken": "last", "rows": [
                {"f": [{"v": "http_500"}, {"v": "1"}, {"v": "1773144030000000"}, {"v": []}]}]}
            """)
        .thenAnswer(
            200,
            """
            {"totalRows": "3", "rows": [
                {"f": [{"v": null}, {"v": "5"}, {"v": "1773144030123456"}, {"v": [
                  {"v": {"f": [{"v": "e-1"}, {"v": "1773144030123456"}, {"v": null}, {"v": "m"},
                    {"v": "TIMEOUT"}, {"v": "504"}, {"v": null}, {"v": null}, {"v": "c"},
                    {"v": null}]}}]}]}]}
            """);

    CallReport report =
        new BigQueryUsageQueries(sql(settings), settings)
            .errors(
                new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.DAY, NOW)), 10);

    assertThat(report.reasons())
        .containsExactly(Map.entry("TIMEOUT", 4L), Map.entry("http_500", 1L));
    assertThat(report.total()).isEqualTo(5);
    assertThat(report.newest()).hasSize(1);
    assertThat(report.newest().get(0).timestamp()).isEqualTo(NOW);
    assertThat(report.newest().get(0).statusCode()).isEqualTo(504);
    assertThat(report.newest().get(0).latencyMillis()).isNull();
    List<QueryService.Request> requests = service.requests();
    assertThat(requests).hasSize(4);
    assertThat(requests.get(1).line()).contains("/jobs/j-1?").contains("location=EU");
    assertThat(requests.get(2).line()).contains("/tables/anon/data?").contains("pageToken=next");
    assertThat(requests.get(3).line()).contains("/tables/anon/data?").contains("pageToken=last");
  }

  @Test
  void query_isRetried_whenTheServiceFailsBriefly() {
    service
        .thenRefuse(503, "backendError", "try again")
        .thenRefuse(429, "rateLimitExceeded", "slower")
        .thenAnswer(200, ONE_ROW);

    assertThat(sql(settings).rows("SELECT 1", Map.of())).hasSize(1);

    assertThat(service.requests()).hasSize(3);
    // The same question, which the service then runs only once.
    assertThat(service.requests())
        .extracting(request -> request.body().get("requestId").getAsString())
        .containsOnly(service.requests().get(0).body().get("requestId").getAsString());
  }

  @ParameterizedTest
  @CsvSource({
    "403, quotaExceeded, over quota",
    "400, stopped, Job execution was cancelled: Job timed out after 20 s",
    "404, jobBackendError, lost",
  })
  void transientFailures_makeTheStoreUnavailable(int status, String reason, String message) {
    for (int attempt = 0; attempt < 3; attempt++) {
      service.thenRefuse(status, reason, message);
    }

    assertThatThrownBy(() -> sql(settings).rows("SELECT 1", Map.of()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(message);
    assertThat(service.requests()).hasSize(reason.equals("jobBackendError") ? 3 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "403, accessDenied, User does not have bigquery.jobs.create, needs? bigquery.jobs.create in",
    "400, bytesBilledLimitExceeded, Query exceeded limit for bytes billed, than the allowed 5000"
        + " bytes",
    "400, invalidQuery, Syntax error, refused a query",
    "404, notFound, Not found: Table some-project:telemetry.events, refused a query",
  })
  void refusals_areReported_andNotRetried(
      int status, String reason, String message, String expected) {
    service.thenRefuse(status, reason, message);

    assertThatThrownBy(() -> sql(settings).rows("SELECT 1", Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message)
        .hasMessageFindingMatch(expected);
    assertThat(service.requests()).hasSize(1);
  }

  @Test
  void job_isCancelled_atItsTimeout() {
    service
        .thenAnswer(
            200,
            """
            {"jobComplete": false,
              "jobReference": {"projectId": "some-project", "jobId": "slow", "location": "EU"}}
            """)
        .thenAnswer(
            200,
            """
            {"jobReference": {"projectId": "some-project", "jobId": "slow", "location": "EU"},
              "configuration": {"jobType": "QUERY", "query": {"query": "SELECT 1"}},
              "status": {"state": "RUNNING"}}
            """)
        .thenAnswer(200, "{\"kind\": \"bigquery#jobCancelResponse\"}");

    assertThatThrownBy(() -> sql(settings).rows("SELECT 1", Map.of()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("BigQuery did not answer within PT20S");

    assertThat(service.requests()).hasSize(3);
    assertThat(service.requests().get(2).line())
        .startsWith("POST /bigquery/v2/projects/some-project/jobs/slow/cancel")
        .contains("location=EU");
  }

  @Test
  void hangingService_isAbandoned_aQuarterAfterTheTimeout() {
    service.thenHang().thenHang().thenHang();
    BigQuerySettings hasty = settings.withQueryLimits(1, 1, Duration.ofMillis(400));

    assertThatThrownBy(() -> sql(hasty).rows("SELECT 1", Map.of()))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(service.requests()).hasSize(1);
  }

  @Test
  void missingService_isUnavailable() {
    service.close();
    BigQuerySettings hasty = settings.withQueryLimits(1, 1, Duration.ofSeconds(1));

    assertThatThrownBy(() -> sql(hasty).rows("SELECT 1", Map.of()))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void interrupt_isKept_whenItEndsAQuery() {
    service.thenRefuse(503, "backendError", "try again").thenAnswer(200, ONE_ROW);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> sql(settings).rows("SELECT 1", Map.of()))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void queries_areRefused_whenTheDaysBytesAreSpent() {
    service.thenAnswer(200, ONE_ROW).thenAnswer(200, ONE_ROW).thenAnswer(200, ONE_ROW);
    BigQuerySql sql = sql(settings);
    sql.rows("SELECT 1", Map.of());
    sql.rows("SELECT 1", Map.of());

    assertThatThrownBy(() -> sql.rows("SELECT 1", Map.of()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("read 1200 of the 1000 bytes");
    assertThat(service.requests()).hasSize(2);

    now = Instant.parse("2026-03-11T00:00:00Z");
    assertThat(sql.rows("SELECT 1", Map.of())).hasSize(1);
  }

  private BigQuerySql sql(BigQuerySettings with) {
    return new BigQuerySql(() -> new Connections(with).rest(), with, () -> now);
  }

  /** A parameter's type and value. */
  private static String parameter(JsonObject body, String name) {
    for (var parameter : body.getAsJsonArray("queryParameters")) {
      JsonObject object = parameter.getAsJsonObject();
      if (object.get("name").getAsString().equals(name)) {
        JsonObject value = object.getAsJsonObject("parameterValue");
        return object.getAsJsonObject("parameterType").get("type").getAsString()
            + " "
            + (value.has("value") ? value.get("value").getAsString() : value.toString());
      }
    }
    throw new AssertionError("no parameter " + name + " in " + body);
  }
}
