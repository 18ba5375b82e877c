package ai.pediscreen.telemetry.server.metrics;

import static ai.pediscreen.telemetry.server.metrics.TelemetryMetrics.gauge;

import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What retention has done, and what was counted as other. */
final class StoreMetrics implements MeterBinder {

  private final PostgresTelemetry telemetry;

  StoreMetrics(PostgresTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "telemetry.retention.waiting",
        "1 while retention is paused until the command retention confirm",
        () -> telemetry.maintenance().retention().waiting() ? 1 : 0);
    gauge(
        registry,
        "telemetry.retention.progress",
        "Share of a table that the deletion of expired rows has done; 1 while none runs",
        () -> telemetry.maintenance().retention().progress());
    FunctionCounter.builder(
            "telemetry.retention.partitions.dropped",
            telemetry,
            known -> known.maintenance().retention().droppedDays())
        .description("Days whose raw events were dropped")
        .register(registry);
    FunctionCounter.builder(
            "telemetry.retention.rows.deleted",
            telemetry,
            known -> known.maintenance().retention().deletedRows())
        .description("Rows of the ledger and the rollups that were deleted")
        .register(registry);
    gauge(
        registry,
        "telemetry.fold.pending.bytes",
        "Bytes of figures that wait to be folded; above 4 MiB writers are slowed down",
        telemetry::pendingBytes);
    FunctionCounter.builder(
            "telemetry.names.bounded.events", telemetry, PostgresTelemetry::boundedEvents)
        .description("Events counted as other because their day had too many names")
        .register(registry);
    FunctionCounter.builder(
            "telemetry.drift.comparisons.failed", telemetry, PostgresTelemetry::failedComparisons)
        .description("Drift comparisons that failed and were skipped")
        .register(registry);
  }
}
