package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.server.metrics.Exposition;
import ai.pediscreen.telemetry.server.ops.OpsFiles;
import ai.pediscreen.telemetry.server.ops.PromQlNames;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a real server over a real database says, once everything that it counts has happened. */
class MetricsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Prometheus adds these itself, and {@code le} belongs to histograms. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

  @SuppressWarnings("NullAway.Init") // before all tests
  private static PostgresServer server;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static FakeBigQuery bigQuery;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Exposition metrics;

  @BeforeAll
  static void countEverything() {
    bigQuery = FakeBigQuery.start("p-1");
    bigQuery.refuseEvents(Set.of("e-bad"));
    Map<String, String> settings = new HashMap<>(ExportIT.settings(bigQuery));
    settings.put("METRICS_PORT", "0");
    server = PostgresServer.start(settings);
    for (int day = 8; day <= 9; day++) {
      post(latencies("2026-03-0" + day, day * 100));
      compute("2026-03-0" + day);
    }
    String event =
        """
        {"event_id":"e-1","timestamp":"2026-03-10T11:59:00Z","org_id":"clinic",\
        "model":{"model_id":"medgemma"},"response":{"latency_ms":90,"status_code":503,\
        "fallback_to":"rules"},"cost_estimate_usd":0.25}\
        """;
    post("[" + event + "]");
    post("[" + event + "]");
    post("[{\"event_id\":\"e-2\"}]");
    post(
        """
        [{"event_id":"e-4","timestamp":"2026-03-10T11:00:00Z",
          "model":{"model_id":"of-unknown-price"},
          "request":{"input_tokens":9,"cache_read_input_tokens":3},
          "response":{"status_code":200,"output_tokens":1}}]\
        """);
    post("[" + event.replace("e-1", "e-bad").replace("11:59", "11:58") + "]");
    post("[" + event.replace("e-1", "e-3").replace("rules", "ask a@b-mail.com") + "]");
    // The backlog is looked at every few seconds.
    Waiting.until(
        "all that can has left",
        LIMIT,
        () -> {
          metrics = scrape();
          Map<String, Double> samples = metrics.samples();
          return Objects.equals(samples.get("telemetry_export_rows_total"), 43.0)
              && Objects.equals(samples.get("telemetry_export_dead_letters"), 1.0)
              && Objects.equals(samples.get("telemetry_export_queue_events"), 0.0)
              && Objects.equals(samples.get("telemetry_export_lag_seconds"), 0.0)
              && samples.getOrDefault("telemetry_export_days_total", 0.0) >= 2;
        });
  }

  @AfterAll
  static void stop() {
    server.close();
    bigQuery.close();
  }

  @Test
  @DisplayName("On its own port (`METRICS_PORT`, loopback by default)")
  void metrics_areOnTheirOwnPortOnly() throws IOException {
    assertThat(server.metricsUri().getPort()).isNotEqualTo(server.uri().getPort());
    assertThat(status(server.uri().resolve("/metrics"))).isEqualTo(404);
    assertThat(status(server.metricsUri().resolve("/telemetry"))).isEqualTo(404);
  }

  @Test
  void everythingThatHappens_isCounted() {
    assertThat(metrics.samples())
        .containsEntry("telemetry_events_accepted_total", 44.0)
        .containsEntry("telemetry_events_duplicate_total", 1.0)
        .containsEntry("telemetry_events_refused_total{reason=\"INVALID_FIELD\"}", 1.0)
        .containsEntry(
            "ai_inference_requests_total{model_name=\"medgemma\",org_id=\"clinic\"}", 3.0)
        .containsEntry("ai_cost_usd_total{model_name=\"medgemma\",org_id=\"clinic\"}", 0.75)
        .containsEntry("telemetry_aggregates_due", 0.0)
        .containsEntry("telemetry_aggregates_lag_seconds", 0.0)
        .containsEntry("telemetry_jobs_parked", 0.0)
        .containsKey("ai_embedding_psi{feature_name=\"latency_ms\",model_name=\"m\"}")
        .containsKey("hikaricp_connections_active{pool=\"telemetry-write\"}");
    assertThat(metrics.samples().get("telemetry_figures_age_seconds{source=\"store\"}"))
        .isBetween(0.0, 60.0);
    assertThat(metrics.labels().keySet())
        .contains("jvm_memory_used_bytes", "process_cpu_usage", "process_uptime_seconds");
  }

  @Test
  @DisplayName("queue depth, oldest age, retries by reason, dead letters in `/metrics`")
  void export_isCounted() {
    assertThat(metrics.samples())
        .containsEntry("telemetry_export_active", 1.0)
        .containsEntry("telemetry_export_queue_events", 0.0)
        .containsEntry("telemetry_export_lag_seconds", 0.0)
        .containsEntry("telemetry_export_retries_total{reason=\"QUOTA_EXCEEDED\"}", 0.0)
        .containsEntry("telemetry_export_possibly_twice_total", 0.0);
    assertThat(metrics.samples().get("telemetry_export_batches_total")).isBetween(1.0, 42.0);
  }

  @Test
  void findingsOfTheGuard_areCounted() {
    assertThat(metrics.samples())
        .containsEntry(
            "telemetry_phi_findings_total{path=\"response.fallback_to\",rule=\"email\"}", 1.0);
  }

  @Test
  @DisplayName("`ops/`: each metric and each label named exists in a real answer")
  void everyNameInOps_existsInARealAnswer() {
    List<String> expressions = new ArrayList<>(OpsFiles.ruleExpressions());
    expressions.addAll(OpsFiles.boardExpressions());
    assertThat(expressions).hasSizeGreaterThan(40).doesNotContain("");
    assertThat(OpsFiles.ruleExpressions()).hasSameSizeAs(OpsFiles.ruleNames());
    assertThat(OpsFiles.ruleNames())
        .contains(
            "AIErrorRateSpike", "AIFallbackRateHigh", "AILongLatencyP95", "AIDailyCostThreshold");

    Set<String> names = new HashSet<>(metrics.labels().keySet());
    names.addAll(OpsFiles.ruleNames());
    Set<String> used = new TreeSet<>();
    Set<String> labels = new TreeSet<>(OpsFiles.legendLabels());
    for (String expression : expressions) {
      PromQlNames named = PromQlNames.of(expression);
      used.addAll(named.metrics());
      labels.addAll(named.labels());
      assertThat(named.metrics()).as(expression).isNotEmpty();
      assertThat(names).as(expression).containsAll(named.metrics());
      Set<String> known = new TreeSet<>(OF_PROMETHEUS);
      Set<String> unknown = new TreeSet<>(named.labels());
      for (String metric : named.metrics()) {
        // What a recorded rule bears is what its own expression leaves.
        known.addAll(metrics.labels().getOrDefault(metric, new TreeSet<>(labels)));
      }
      unknown.removeAll(known);
      assertThat(unknown).as(expression).isEmpty();
    }
    Set<String> everyLabel = new TreeSet<>(OF_PROMETHEUS);
    metrics.labels().values().forEach(everyLabel::addAll);
    assertThat(everyLabel).containsAll(labels);
    assertThat(used)
        .contains(
            "ai_inference_requests_total",
            "ai_inference_errors_total",
            "ai_inference_fallbacks_total",
            "ai_inference_latency_seconds_bucket",
            "ai_cost_usd_total",
            "ai_embedding_psi");
  }

  @Test
  void namesInAnExpression_areFound() {
    assertThat(
            PromQlNames.of(
                "histogram_quantile(0.95, sum by (le, a) (rate(x_bucket{b=~\"c d\","
                    + " e!=\"f\"}[5m]))) > 2 and on (g) (max without (h) (y) or vector(0)) / 1e3 #"
                    + " z"))
        .isEqualTo(new PromQlNames(Set.of("x_bucket", "y"), Set.of("a", "b", "e", "g", "h", "le")));
  }

  /** Of paths that are not there, and so not in the description of the API either. */
  private static int status(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static Exposition scrape() {
    HttpResponse<String> answer = Http.get(server.metricsUri());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Exposition.of(answer.body());
  }

  private static void post(String body) {
    assertThat(Http.postJson(server.uri().resolve("/events"), body).statusCode()).isIn(202, 422);
  }

  private static void compute(String day) {
    JsonNode job =
        Http.json(
            Http.postJson(
                server.uri().resolve("/jobs/daily-aggregates"), "{\"date\":\"" + day + "\"}"));
    Waiting.until(
        day + " is computed",
        LIMIT,
        () ->
            "succeeded"
                .equals(
                    Http.json(
                            Http.get(
                                server.uri().resolve("/jobs/" + job.path("job_id").textValue())))
                        .path("status")
                        .textValue()));
  }

  private static String latencies(String day, int from) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(
          """
          {"event_id":"%1$s-%2$d","timestamp":"%1$sT08:00:00Z","model":{"model_id":"m"},\
          "response":{"latency_ms":%3$d,"status_code":200}}\
          """
              .formatted(day, i, from + i));
    }
    return "[" + String.join(",", events) + "]";
  }
}
