package ai.pediscreen.telemetry.server.metrics;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.export.ExportFigures;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.function.IntSupplier;
import java.util.function.Supplier;
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

  private final PrometheusMeterRegistry registry = registryWithNamesOfPrometheus();
  private final LabelValues models = new LabelValues(InferenceMetrics.LABEL_VALUES);
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
  private final FindingMetrics findings = new FindingMetrics(registry);
  private final DriftMetrics newestDrift = new DriftMetrics(registry, models);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final AskedFigures asked = new AskedFigures(registry);
  private volatile @Nullable CachedFigure<StoreFigures> drift;

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
    CachedFigure<StoreFigures> figures = asked.of("store", () -> StoreFigures.of(days));
    CachedFigure<Long> parked = asked.of("jobs", jobs::parked);
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
    CachedFigure<AlertFigures> figures = asked.of("alerts", alerts::figures);
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
    new StoreMetrics(telemetry).bindTo(registry);
  }

  /** Reports what the guard has found. Call it once. */
  public void watch(PhiGuard found) {
    findings.watch(found);
  }

  /**
   * Reports what export does, and what waits. Call it once.
   *
   * @param figures called at each scrape, so it must not block
   */
  public void watchExport(Supplier<ExportFigures> figures) {
    new ExportMetrics(figures).bindTo(registry);
  }

  /**
   * Reports one more figure at each scrape.
   *
   * @param name with dots and ending in its unit, such as {@code telemetry.export.lag.seconds}
   * @param value called at each scrape, so it must not block; NaN for none
   */
  public void gauge(String name, String description, Supplier<Number> value) {
    gauge(registry, name, description, value);
  }

  static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** All figures, in Prometheus's text format. Takes no longer than about a second. */
  public String scrape() {
    asked.refresh();
    findings.count();
    CachedFigure<StoreFigures> figures = drift;
    StoreFigures known = figures == null ? null : figures.last();
    if (known != null) {
      newestDrift.tell(known.drift());
    }
    return requireNonNull(registry.scrape());
  }

  @Override
  public void close() {
    asked.close();
    collections.close();
    registry.close();
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
