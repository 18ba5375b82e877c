package ai.pediscreen.telemetry.server.metrics;

import static ai.pediscreen.telemetry.server.metrics.TelemetryMetrics.gauge;
import static ai.pediscreen.telemetry.server.metrics.TelemetryMetrics.seconds;

import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What export does, and what waits. */
final class ExportMetrics implements MeterBinder {

  private final Supplier<ExportFigures> figures;

  ExportMetrics(Supplier<ExportFigures> figures) {
    this.figures = figures;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "telemetry.export.active",
        "1 if this server holds the export lease",
        () -> figures.get().active() ? 1 : 0);
    gauge(
        registry,
        "telemetry.export.queue.events",
        "Events that wait to be exported",
        () -> figures.get().backlog().events());
    gauge(
        registry,
        "telemetry.export.lag.seconds",
        "How long the oldest event that waits to be exported has waited",
        () -> seconds(figures.get().backlog().oldestAge()));
    gauge(
        registry,
        "telemetry.export.dead.letters",
        "Events that could not be exported and are dead letters",
        () -> figures.get().backlog().deadLetters());
    count(
        registry,
        "telemetry.export.rows",
        "Events that were exported",
        Tags.empty(),
        ExportFigures::rows);
    count(
        registry,
        "telemetry.export.batches",
        "Batches that were exported",
        Tags.empty(),
        ExportFigures::batches);
    count(
        registry,
        "telemetry.export.days",
        "Days whose aggregates were exported, counted each time",
        Tags.empty(),
        ExportFigures::days);
    count(
        registry,
        "telemetry.export.possibly.twice",
        "Events that were sent again after a lost stream that may hold them",
        Tags.empty(),
        ExportFigures::possiblyTwice);
    for (ExportException.Reason reason : ExportException.Reason.values()) {
      count(
          registry,
          "telemetry.export.retries",
          "Failures that were retried",
          Tags.of("reason", reason.name()),
          known -> known.retries().getOrDefault(reason, 0L));
    }
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<ExportFigures> figure) {
    // Held on to weakly by the counter, and strongly by the gauges of export.
    FunctionCounter.builder(name, figures, supplier -> figure.applyAsDouble(supplier.get()))
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
