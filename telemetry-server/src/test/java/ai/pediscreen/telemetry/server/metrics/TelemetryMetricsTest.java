package ai.pediscreen.telemetry.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.export.Backlog;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportFigures;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.Waiting;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TelemetryMetricsTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry(() -> NOW);
  private final TelemetryMetrics metrics = new TelemetryMetrics();
  private final EventStore events = metrics.counting(telemetry);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  @DisplayName(
      "ai_inference_requests_total{org_id,model_name}, ai_inference_errors_total{+error_code},"
          + " ai_inference_fallbacks_total{org_id,model_name,fallback_model},"
          + " ai_inference_latency_seconds (buckets .1 .25 .5 1 2 5 10),"
          + " ai_cost_usd_total{org_id,model_name}")
  void acceptedEvents_areCountedUnderPediScreensNames() {
    TelemetryEvent failed =
        event(
            "e-2",
            Map.of("latency_ms", 700, "status_code", 503, "fallback_to", "gemini-flash"),
            0.25);
    events.append(
        OrgPermission.all(),
        List.of(event("e-1", Map.of("latency_ms", 100, "status_code", 200), 0.5)));
    events.append(OrgPermission.all(), List.of(failed, failed, event("e-3", Map.of(), null)));
    Map<String, Object> least = Map.of("event_id", "e-4", "timestamp", NOW);
    events.append(OrgPermission.all(), List.of(TelemetryEvent.fromMap(least)));

    Map<String, Double> samples = scrape();
    String model = "{model_name=\"medgemma\",org_id=\"clinic\"}";
    assertThat(samples)
        .containsEntry("ai_inference_requests_total" + model, 3.0)
        .containsEntry(
            "ai_inference_requests_total{model_name=\"unknown\",org_id=\"unknown\"}", 1.0)
        .containsEntry(
            "ai_inference_errors_total{error_code=\"http_503\",model_name=\"medgemma\",org_id=\"clinic\"}",
            1.0)
        .containsEntry(
            "ai_inference_errors_total{error_code=\"unknown\",model_name=\"medgemma\",org_id=\"clinic\"}",
            1.0)
        .containsEntry(
            "ai_inference_fallbacks_total{fallback_model=\"gemini-flash\",model_name=\"medgemma\",org_id=\"clinic\"}",
            1.0)
        .containsEntry("ai_cost_usd_total" + model, 0.75)
        .containsEntry("ai_inference_latency_seconds_count" + model, 2.0)
        .containsEntry("telemetry_events_accepted_total", 4.0)
        .containsEntry("telemetry_events_duplicate_total", 1.0)
        .containsEntry("telemetry_commit_seconds_count", 3.0)
        .containsEntry("telemetry_commit_events_sum", 5.0);
    assertThat(samples.get("ai_inference_latency_seconds_sum" + model)).isEqualTo(0.8);
    Map<String, Double> buckets = new HashMap<>();
    samples.forEach(
        (sample, value) -> {
          if (sample.startsWith("ai_inference_latency_seconds_bucket")) {
            buckets.put(sample.replaceAll(".*le=\"([^\"]*)\".*", "$1"), value);
          }
        });
    assertThat(buckets)
        .isEqualTo(
            Map.of(
                "0.1", 1.0, "0.25", 1.0, "0.5", 1.0, "1.0", 2.0, "2.0", 2.0, "5.0", 2.0, "10.0",
                2.0, "+Inf", 2.0));
  }

  @Test
  void tokens_areCountedByKind_andUnpricedCallsSeparately() {
    TelemetryEvent priced =
        TelemetryEvent.builder("e-1", NOW)
            .org("clinic")
            .model("medgemma")
            .request(Map.of("input_tokens", 130_213, "cache_read_input_tokens", 128_955))
            .response("output_tokens", 300)
            .costUsd("0.1")
            .build();
    TelemetryEvent unpriced =
        TelemetryEvent.builder("e-2", NOW).org("clinic").model("medgemma").tokens(7, 0).build();
    events.append(OrgPermission.all(), List.of(priced, unpriced));

    String labels = "{model_name=\"medgemma\",org_id=\"clinic\",token_type=\"%s\"}";
    String tokens = "gen_ai_client_token_usage_total" + labels;
    assertThat(scrape())
        .containsEntry(tokens.formatted("input"), 130_220.0)
        .containsEntry(tokens.formatted("cache_read"), 128_955.0)
        .containsEntry(tokens.formatted("output"), 300.0)
        .doesNotContainKey(tokens.formatted("cache_write"))
        .containsEntry(
            "ai_inference_unpriced_total{model_name=\"medgemma\",org_id=\"clinic\"}", 1.0);
  }

  @Test
  @DisplayName(
      "A clock that runs ahead: telemetry_clock_ahead_seconds by organisation, few of them")
  void eventsAheadOfTheClock_areCountedByOrganisation_untilThereAreMany() {
    Instant ahead = Instant.now().plus(Duration.ofHours(1));
    for (int i = 0; i < 60; i++) {
      Map<String, Object> one =
          Map.of("event_id", "e", "timestamp", ahead.toString(), "org_id", "org-" + i);
      events.append(OrgPermission.all(), List.of(TelemetryEvent.fromMap(one)));
    }
    events.append(OrgPermission.all(), List.of(event("e-2", Map.of(), null)));

    Map<String, Double> samples = scrape();
    assertThat(samples)
        .containsEntry("telemetry_clock_ahead_seconds_count{org=\"org-0\"}", 1.0)
        .containsEntry("telemetry_clock_ahead_seconds_count{org=\"other\"}", 10.0)
        .doesNotContainKey("telemetry_clock_ahead_seconds_count{org=\"clinic\"}");
    assertThat(samples.get("telemetry_clock_ahead_seconds_max{org=\"org-0\"}"))
        .isBetween(3_500.0, 3_600.0);
  }

  @Test
  void nothingIsCounted_whenTheStoreFailsOrRefuses() {
    EventStore away =
        metrics.counting(
            list -> {
              throw new StoreUnavailableException("away");
            });
    List<TelemetryEvent> one = List.of(event("e-1", Map.of("status_code", 200), 1.0));
    assertThatThrownBy(() -> away.append(OrgPermission.all(), one))
        .isInstanceOf(StoreUnavailableException.class);
    metrics.counting(list -> List.of(Receipt.refused("no"))).append(OrgPermission.all(), one);
    metrics.refused("INVALID_FIELD");
    metrics.refused("INVALID_FIELD");

    Map<String, Double> samples = scrape();
    assertThat(samples)
        .containsEntry("telemetry_commit_failures_total", 1.0)
        .containsEntry("telemetry_events_accepted_total", 0.0)
        .containsEntry("telemetry_events_refused_total{reason=\"STORE_REFUSED\"}", 1.0)
        .containsEntry("telemetry_events_refused_total{reason=\"INVALID_FIELD\"}", 2.0);
    assertThat(samples.keySet()).noneMatch(sample -> sample.startsWith("ai_"));
  }

  @Test
  @DisplayName("label values bounded (at most 200 models, the rest `other`)")
  void labelValues_areBounded_andSoAreTheirCombinations() {
    List<TelemetryEvent> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<String, Object> failed =
          Map.of("error_code", "code-" + i, "fallback_to", "fallback-" + i, "latency_ms", i);
      many.add(event("e-" + i, "org-" + i, "model-" + i, failed, 0.5));
      many.add(event("f-" + i, "org-" + i % 20, "model-" + i % 150, failed, null));
      many.add(event("g-" + i, "org-" + i % 19, "model-" + (i * 7) % 150, Map.of(), null));
    }
    // Ten thousand combinations of values that have labels of their own.
    for (int i = 0; i < 10_000; i++) {
      many.add(event("h-" + i, "org-" + i % 100, "model-" + i / 100, Map.of(), null));
    }
    events.append(OrgPermission.all(), many);

    Map<String, Double> samples = scrape();
    for (String label : List.of("model_name", "org_id", "error_code", "fallback_model")) {
      List<String> values =
          samples.keySet().stream()
              .filter(sample -> sample.contains(label + "=\""))
              .map(sample -> sample.replaceAll(".*" + label + "=\"([^\"]*)\".*", "$1"))
              .distinct()
              .toList();
      assertThat(values).as(label).contains("other").hasSizeBetween(150, 202);
    }
    List<String> requests =
        samples.keySet().stream()
            .filter(sample -> sample.startsWith("ai_inference_requests_total"))
            .toList();
    assertThat(requests).hasSizeLessThanOrEqualTo(InferenceMetrics.COMBINATIONS + 1);
    assertThat(requests.stream().mapToDouble(one -> samples.getOrDefault(one, Double.NaN)).sum())
        .isEqualTo(many.size());
    assertThat(samples.get("ai_inference_requests_total{model_name=\"other\",org_id=\"other\"}"))
        .isPositive();
  }

  @Test
  void label_cannotForgeALine() {
    events.append(
        OrgPermission.all(),
        List.of(event("e", "o", "m\"} 1\nfaked_total 99\r\u2028\u001b[2J\\", Map.of(), null)));
    assertThat(scrape())
        .doesNotContainKey("faked_total")
        .containsEntry(
            "ai_inference_requests_total{model_name=\"m\\\"} 1 faked_total 99"
                + " ??[2J\\\\\",org_id=\"o\"}",
            1.0);
  }

  @Test
  void findingsOfTheGuard_areCountedOnce_overSeveralScrapes() {
    PhiGuard guard = PhiGuard.redacting();
    metrics.watch(guard);
    assertThat(metrics.scrape()).doesNotContain("telemetry_phi_findings");
    String line = "telemetry_phi_findings_total{path=\"response.fallback_to\",rule=\"email\"}";
    for (int i = 1; i <= 3; i++) {
      guard.apply(event("e-" + i, Map.of("fallback_to", "a@mail-" + i + ".com"), null));
      scrape();
      assertThat(scrape()).containsEntry(line, (double) i);
    }
    assertThat(metrics.scrape()).doesNotContain("mail-");
  }

  @Test
  void exportMetrics_areReported() {
    AtomicLong rows = new AtomicLong(7);
    metrics.watchExport(
        () ->
            new ExportFigures(
                true,
                new Backlog(12, Duration.ofMillis(1_500), 3),
                rows.get(),
                2,
                4,
                Map.of(ExportException.Reason.RATE_LIMITED, 5L),
                1));
    assertThat(scrape())
        .containsEntry("telemetry_export_active", 1.0)
        .containsEntry("telemetry_export_queue_events", 12.0)
        .containsEntry("telemetry_export_lag_seconds", 1.5)
        .containsEntry("telemetry_export_dead_letters", 3.0)
        .containsEntry("telemetry_export_rows_total", 7.0)
        .containsEntry("telemetry_export_batches_total", 2.0)
        .containsEntry("telemetry_export_days_total", 4.0)
        .containsEntry("telemetry_export_possibly_twice_total", 1.0)
        .containsEntry("telemetry_export_retries_total{reason=\"RATE_LIMITED\"}", 5.0)
        .containsEntry("telemetry_export_retries_total{reason=\"UNREACHABLE\"}", 0.0);
    System.gc();
    rows.set(9);
    assertThat(scrape()).containsEntry("telemetry_export_rows_total", 9.0);
  }

  @Test
  void queueAndDayMetrics_areReported() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    EventStore slow =
        list -> {
          asked.countDown();
          awaitQuietly(release);
          return telemetry.append(list);
        };
    try (GroupCommitter committer = new GroupCommitter(slow, 1, 100);
        InProcessJobQueue jobs = failing()) {
      metrics.watch(committer);
      var first = committer.append(OrgPermission.all(), List.of(event("e-1", Map.of(), null)));
      awaitQuietly(asked);
      var second = committer.append(OrgPermission.all(), List.of(event("e-2", Map.of(), null)));
      double oldest = scrape().getOrDefault("telemetry_queue_oldest_seconds", Double.NaN);
      assertThat(scrape()).containsEntry("telemetry_queue_events", 1.0);
      assertThat(scrape().get("telemetry_queue_oldest_seconds")).isGreaterThan(oldest);
      release.countDown();
      assertThat(first.join()).hasSize(1);
      assertThat(second.join()).hasSize(1);
      assertThat(scrape())
          .containsEntry("telemetry_queue_events", 0.0)
          .containsEntry("telemetry_queue_oldest_seconds", 0.0);

      latencies(LocalDate.of(2026, 3, 7), 100);
      latencies(LocalDate.of(2026, 3, 8), 900);
      latencies(LocalDate.of(2026, 3, 9), 100);
      new DailyAggregation(telemetry).compute(LocalDate.of(2026, 3, 7));
      new DailyAggregation(telemetry).compute(LocalDate.of(2026, 3, 8));
      jobs.submit(LocalDate.of(2026, 3, 9));
      Waiting.until("the job is parked", Duration.ofSeconds(10), () -> jobs.parked() == 1);
      metrics.watch(telemetry, jobs);
      Map<String, Double> samples = scrape();
      assertThat(samples)
          .containsEntry("telemetry_aggregates_due", 1.0)
          // The ninth was over at midnight, twelve hours ago.
          .containsEntry("telemetry_aggregates_lag_seconds", 43_200.0)
          .containsEntry("telemetry_jobs_parked", 1.0)
          .containsEntry(
              "telemetry_drift_alert{feature_name=\"latency_ms\",model_name=\"medgemma\"}", 1.0);
      assertThat(
              samples.get("ai_embedding_psi{feature_name=\"latency_ms\",model_name=\"medgemma\"}"))
          .isGreaterThan(5);
    }
  }

  @Test
  void scrape_neitherHangsNorFloodsTheStore_whenItHangs() {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    DailyAggregateStore hanging =
        store(
            () -> {
              questions.incrementAndGet();
              awaitQuietly(release);
              throw new StoreUnavailableException("away");
            });
    try (InProcessJobQueue jobs = failing()) {
      metrics.watch(hanging, jobs);
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(scrape())
            .containsEntry("telemetry_aggregates_due", Double.NaN)
            .containsEntry("telemetry_jobs_parked", 0.0)
            .containsEntry("telemetry_figures_age_seconds{source=\"store\"}", Double.NaN);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(questions).hasValue(1);
      assertThat(metrics.scrape()).doesNotContain("ai_embedding_psi{");
    } finally {
      release.countDown();
    }
  }

  @Test
  void figures_areReadOnce_untilTheyExpire() {
    AtomicInteger questions = new AtomicInteger();
    CachedFigure<Integer> figure =
        new CachedFigure<>(
            questions::incrementAndGet, Duration.ofHours(1), Duration.ofSeconds(1), Runnable::run);
    for (int i = 0; i < 3; i++) {
      figure.refresh();
      assertThat(figure.last()).isEqualTo(1);
    }
    assertThat(questions).hasValue(1);
  }

  @Test
  void figures_areTheLastOnes_whileTheirSourceIsUnavailable() {
    AtomicInteger questions = new AtomicInteger();
    CachedFigure<Integer> figure =
        new CachedFigure<>(
            () -> {
              if (questions.incrementAndGet() == 2) {
                throw new StoreUnavailableException("away");
              }
              if (questions.get() == 3) {
                throw new IllegalStateException("broken");
              }
              return questions.get();
            },
            Duration.ZERO,
            Duration.ofSeconds(1),
            Runnable::run);
    assertThat(figure.last()).isNull();
    assertThat(figure.ageSeconds()).isNaN();
    figure.refresh();
    assertThat(figure.last()).isEqualTo(1);
    figure.refresh();
    figure.refresh();
    assertThat(questions).hasValue(3);
    assertThat(figure.last()).isEqualTo(1);
    assertThat(figure.ageSeconds()).isNotNegative();
    figure.refresh();
    assertThat(figure.last()).isEqualTo(4);
  }

  private void latencies(LocalDate day, int from) {
    List<TelemetryEvent> list = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Map<String, Object> event = new HashMap<>();
      event.put("event_id", day + "-" + i);
      event.put("timestamp", day + "T08:00:00Z");
      event.put("model", Map.of("model_id", "medgemma"));
      event.put("response", Map.of("latency_ms", from + i));
      list.add(TelemetryEvent.fromMap(event));
    }
    telemetry.append(OrgPermission.all(), list);
  }

  private Map<String, Double> scrape() {
    return Exposition.of(metrics.scrape()).samples();
  }

  private static InProcessJobQueue failing() {
    return new InProcessJobQueue(
        day -> {
          throw new StoreUnavailableException("disk");
        },
        List.of());
  }

  /** A store whose every method does the same. */
  private static DailyAggregateStore store(Runnable work) {
    return (DailyAggregateStore)
        Proxy.newProxyInstance(
            DailyAggregateStore.class.getClassLoader(),
            new Class<?>[] {DailyAggregateStore.class},
            (proxy, method, arguments) -> {
              work.run();
              return null;
            });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TelemetryEvent event(
      String id, Map<String, Object> response, @Nullable Double costUsd) {
    return event(id, "clinic", "medgemma", response, costUsd);
  }

  private static TelemetryEvent event(
      String id, String org, String model, Map<String, Object> response, @Nullable Double costUsd) {
    Map<String, Object> event = new HashMap<>();
    event.put("event_id", id);
    event.put("timestamp", NOW);
    event.put("org_id", org);
    event.put("model", Map.of("model_id", model));
    event.put("response", response);
    if (costUsd != null) {
      event.put("cost_estimate_usd", costUsd);
    }
    return TelemetryEvent.fromMap(event);
  }
}
