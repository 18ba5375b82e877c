package ai.pediscreen.telemetry.server.metrics;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportFigures;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one server, as Prometheus asks for them. Counting is a few hash lookups and an
 * addition. Figures from the database or Redis are refreshed at a scrape, at most twice a minute,
 * and waited for half a second. During an outage a scrape has the last ones, and {@code
 * telemetry_figures_age_seconds} their age.
 *
 * <p>Thread-safe.
 */
public final class TelemetryMetrics implements AutoCloseable {

  /** Of {@link #scrape}: Prometheus's text format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The reason of events that the store refused. */
  static final String STORE_REFUSED = "STORE_REFUSED";

  private static final int REASONS = 50;

  /** More than a guard tells apart. */
  private static final int FINDINGS = 1_000;

  private static final Duration FIGURES_AGE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final PrometheusMeterRegistry registry = registryWithNamesOfPrometheus();
  private final LabelValues models = new LabelValues(InferenceMetrics.LABEL_VALUES);
  private final LabelValues features = new LabelValues(InferenceMetrics.LABEL_VALUES);
  private final LabelValues reasons = new LabelValues(REASONS);
  private final InferenceMetrics inference = new InferenceMetrics(registry, models);
  private final Counter connectionsClosed =
      Counter.builder("telemetry.http.connections.closed")
          .description("Connections without a request that were closed to make room for others")
          .register(registry);
  private final Series<Counter> limits =
      new Series<>(
          REASONS,
          values ->
              Counter.builder("telemetry.http.limited")
                  .description("Requests that were refused since their sender was over a limit")
                  .tag("limit", values.get(0))
                  .register(registry));
  private final Series<Counter> refusals =
      new Series<>(
          REASONS,
          values ->
              Counter.builder("telemetry.events.refused")
                  .description("Events that were refused")
                  .tag("reason", values.get(0))
                  .register(registry));
  private final Series<Counter> ignored =
      new Series<>(
          REASONS,
          values ->
              Counter.builder("telemetry.otlp.ignored")
                  .description("Records of OpenTelemetry that are no calls of models, by kind")
                  .tag("signal", values.get(0))
                  .tag("kind", values.get(1))
                  .register(registry));
  private final Series<Counter> findings =
      new Series<>(
          FINDINGS,
          values ->
              Counter.builder("telemetry.phi.findings")
                  .description("What looked like an identifier of a person, by rule and place")
                  .tag("rule", values.get(0))
                  .tag("path", values.get(1))
                  .register(registry));
  private final Series<Timer> requests =
      new Series<>(
          InferenceMetrics.COMBINATIONS,
          values ->
              Timer.builder("http.server.requests")
                  .description("How long requests took to answer")
                  .serviceLevelObjectives(
                      Duration.ofMillis(10),
                      Duration.ofMillis(50),
                      Duration.ofMillis(100),
                      Duration.ofMillis(500),
                      Duration.ofSeconds(1),
                      Duration.ofSeconds(5))
                  .tag("method", values.get(0))
                  .tag("route", values.get(1))
                  .tag("status", values.get(2))
                  .register(registry));
  private final MultiGauge psi =
      MultiGauge.builder("ai.embedding.psi")
          .description("Population stability index of the newest day that has any")
          .register(registry);
  private final MultiGauge driftAlerts =
      MultiGauge.builder("telemetry.drift.alert")
          .description("1 where that index is over 0.2 and the samples are large enough to say so")
          .register(registry);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final ExecutorService askers =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "metrics");
            // A question that hangs must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });

  /** Figures that come from the store or Redis. */
  private final List<CachedFigure<?>> asked = new CopyOnWriteArrayList<>();

  private volatile @Nullable CachedFigure<StoreFigures> drift;
  private volatile @Nullable PhiGuard guard;

  /** Without the two names of Micrometer's that Prometheus's own tool complains of. */
  private static PrometheusMeterRegistry registryWithNamesOfPrometheus() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    return registry;
  }

  /** Begins with the figures of the process itself. */
  public TelemetryMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Where libraries put their own figures, as the connection pools do. */
  public MeterRegistry registry() {
    return registry;
  }

  /** The store, with the outcome of events counted. Call it once. */
  public EventStore counting(EventStore events) {
    return new CountedEventStore(
        events, registry, inference, this::refused, InstantSource.system());
  }

  /**
   * Counts an event that was refused.
   *
   * @param reason the {@code error_code} of the answer
   */
  public void refused(String reason) {
    refused(reason, 1);
  }

  /** Counts events that were refused for the same reason. */
  public void refused(String reason, long events) {
    refusals.of(reasons.of(reason)).increment((double) events);
  }

  /**
   * Counts what OpenTelemetry sent and is no event.
   *
   * @param kind one of few words
   */
  public void ignored(String signal, String kind, long records) {
    ignored.of(signal, kind).increment((double) records);
  }

  /**
   * Counts a request that was answered.
   *
   * @param method one of few words
   * @param route the template of the path, not the path
   */
  public void answered(String method, String route, int status, Duration time) {
    requests.of(method, route, Integer.toString(status)).record(time);
  }

  /** Reports how full the queue of events is. Call it once. */
  public void watch(GroupCommitter committer) {
    gauge("telemetry.queue.events", "Events that wait to be stored", committer::queuedEvents);
    gauge(
        "telemetry.queue.oldest.seconds",
        "How long the oldest event in the queue has waited",
        () -> seconds(committer.oldestWait()));
  }

  /** Reports how many connections are open. Call it once. */
  public void watchConnections(IntSupplier open) {
    gauge("telemetry.http.connections", "Connections that are open", open::getAsInt);
  }

  /** Counts a request that was refused because its sender was over this limit. */
  public void limited(String limit) {
    limits.of(limit).increment();
  }

  /** Counts a connection that was closed to make room for another. */
  public void closedForRoom() {
    connectionsClosed.increment();
  }

  /** Reports due days, parked jobs, and the newest drift. Call it once. */
  public void watch(DailyAggregateStore days, JobQueue jobs) {
    CachedFigure<StoreFigures> figures = cached("store", () -> StoreFigures.of(days));
    CachedFigure<Long> parked = cached("jobs", jobs::parked);
    drift = figures;
    gauge(
        "telemetry.aggregates.due",
        "Days that are due to be computed",
        () -> figures.figure(StoreFigures::daysDue));
    gauge(
        "telemetry.aggregates.lag.seconds",
        "How long the oldest due day has been over",
        () -> figures.figure(known -> seconds(known.lag())));
    gauge(
        "telemetry.jobs.parked",
        "Jobs that were given up and are parked",
        () -> parked.figure(Long::doubleValue));
  }

  /** Reports alerts and their messages. Call it once. */
  public void watch(AlertStore alerts) {
    CachedFigure<AlertFigures> figures = cached("alerts", alerts::figures);
    gauge(
        "telemetry.alerts.open", "Alerts that are open", () -> figures.figure(AlertFigures::open));
    gauge(
        "telemetry.alerts.waiting",
        "Alert messages that have not arrived yet",
        () -> figures.figure(AlertFigures::waiting));
    gauge(
        "telemetry.alerts.parked",
        "Alert messages that were given up and are parked",
        () -> figures.figure(AlertFigures::parked));
    gauge(
        "telemetry.alerts.oldest.seconds",
        "How long the oldest alert message has been waiting",
        () -> figures.figure(known -> seconds(known.oldestWait())));
    gauge(
        "telemetry.alerts.judged.seconds",
        "How long ago the alert rules were last evaluated; 0 if never",
        () -> figures.figure(known -> seconds(known.sinceJudged())));
  }

  /** Reports what retention has done, and what was counted as other. Call it once. */
  public void watch(PostgresTelemetry telemetry) {
    gauge(
        "telemetry.retention.waiting",
        "1 while retention is paused until the command retention confirm",
        () -> telemetry.retention().waiting() ? 1 : 0);
    gauge(
        "telemetry.retention.progress",
        "Share of a table that the deletion of expired rows has done; 1 while none runs",
        () -> telemetry.retention().progress());
    FunctionCounter.builder(
            "telemetry.retention.partitions.dropped",
            telemetry,
            known -> known.retention().droppedDays())
        .description("Days whose raw events were dropped")
        .register(registry);
    FunctionCounter.builder(
            "telemetry.retention.rows.deleted", telemetry, known -> known.retention().deletedRows())
        .description("Rows of the ledger and the rollups that were deleted")
        .register(registry);
    FunctionCounter.builder(
            "telemetry.names.bounded.events", telemetry, PostgresTelemetry::boundedEvents)
        .description("Events counted as other because their day had too many names")
        .register(registry);
    FunctionCounter.builder(
            "telemetry.drift.comparisons.failed", telemetry, PostgresTelemetry::failedComparisons)
        .description("Drift comparisons that failed and were skipped")
        .register(registry);
  }

  /** Reports what the guard has found. Call it once. */
  public void watch(PhiGuard found) {
    guard = found;
  }

  /**
   * Reports what export does, and what waits. Call it once.
   *
   * @param figures called at each scrape, so it must not block
   */
  public void watchExport(Supplier<ExportFigures> figures) {
    gauge(
        "telemetry.export.active",
        "1 if this server holds the export lease",
        () -> figures.get().active() ? 1 : 0);
    gauge(
        "telemetry.export.queue.events",
        "Events that wait to be exported",
        () -> figures.get().backlog().events());
    gauge(
        "telemetry.export.lag.seconds",
        "How long the oldest event that waits to be exported has waited",
        () -> seconds(figures.get().backlog().oldestAge()));
    gauge(
        "telemetry.export.dead.letters",
        "Events that could not be exported and are dead letters",
        () -> figures.get().backlog().deadLetters());
    count(
        "telemetry.export.rows",
        "Events that were exported",
        Tags.empty(),
        figures,
        ExportFigures::rows);
    count(
        "telemetry.export.batches",
        "Batches that were exported",
        Tags.empty(),
        figures,
        ExportFigures::batches);
    count(
        "telemetry.export.days",
        "Days whose aggregates were exported, counted each time",
        Tags.empty(),
        figures,
        ExportFigures::days);
    count(
        "telemetry.export.possibly.twice",
        "Events that were sent again after a lost stream that may hold them",
        Tags.empty(),
        figures,
        ExportFigures::possiblyTwice);
    for (ExportException.Reason reason : ExportException.Reason.values()) {
      count(
          "telemetry.export.retries",
          "Failures that were retried",
          Tags.of("reason", reason.name()),
          figures,
          known -> known.retries().getOrDefault(reason, 0L));
    }
  }

  /**
   * Reports one more figure at each scrape.
   *
   * @param name with dots and ending in its unit, such as {@code telemetry.export.lag.seconds}
   * @param value called at each scrape, so it must not block; NaN for none
   */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** All figures, in Prometheus's text format. Takes no longer than about a second. */
  public String scrape() {
    asked.forEach(CachedFigure::refresh);
    countFindings();
    CachedFigure<StoreFigures> figures = drift;
    StoreFigures known = figures == null ? null : figures.last();
    if (known != null) {
      psi.register(
          rows(
              known.drift().stream()
                  .filter(record -> record.isOfWeek() && record.psi() != null)
                  .toList(),
              TelemetryMetrics::psiOf),
          true);
      driftAlerts.register(rows(known.drift(), record -> record.alert() ? 1 : 0), true);
    }
    return requireNonNull(registry.scrape());
  }

  @Override
  public void close() {
    askers.shutdownNow();
    collections.close();
    registry.close();
  }

  private synchronized void countFindings() {
    PhiGuard watched = guard;
    if (watched != null) {
      watched
          .counts()
          .forEach(
              (finding, count) -> {
                Counter counter = findings.of(finding.rule().label(), finding.path());
                counter.increment(count - counter.count());
              });
    }
  }

  private void count(
      String name,
      String description,
      Tags tags,
      Supplier<ExportFigures> figures,
      ToDoubleFunction<ExportFigures> figure) {
    // Held on to weakly by the counter, and strongly by the gauges of export.
    FunctionCounter.builder(name, figures, supplier -> figure.applyAsDouble(supplier.get()))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private <T> CachedFigure<T> cached(String source, Supplier<T> question) {
    CachedFigure<T> answer = new CachedFigure<>(question, FIGURES_AGE, PATIENCE, askers);
    asked.add(answer);
    Gauge.builder("telemetry.figures.age.seconds", answer::ageSeconds)
        .description("Age of the figures that were read from the database or Redis")
        .tag("source", source)
        .register(registry);
    return answer;
  }

  /** One row for each model and feature, with the largest value where labels stand for several. */
  private List<MultiGauge.Row<?>> rows(
      List<DriftRecord> records, ToDoubleFunction<DriftRecord> value) {
    Map<Tags, Double> largest = new LinkedHashMap<>();
    for (DriftRecord record : records) {
      Tags tags =
          Tags.of(
              "model_name", models.of(record.modelId()),
              "feature_name", features.of(record.feature()));
      largest.merge(tags, value.applyAsDouble(record), Math::max);
    }
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    largest.forEach((tags, number) -> rows.add(MultiGauge.Row.of(tags, number)));
    return rows;
  }

  private static double psiOf(DriftRecord record) {
    Double psi = record.psi();
    return psi == null ? Double.NaN : psi;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
