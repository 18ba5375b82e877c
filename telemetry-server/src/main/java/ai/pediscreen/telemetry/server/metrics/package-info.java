/**
 * The metrics for Prometheus: PediScreen's figures of models, under the names that its rules and
 * boards use, and those of the service itself.
 *
 * <p>{@link ai.pediscreen.telemetry.server.metrics.TelemetryMetrics} is the entry; {@link
 * ai.pediscreen.telemetry.server.metrics.MetricsListener} answers on a port of its own.
 */
@NullMarked
package ai.pediscreen.telemetry.server.metrics;

import org.jspecify.annotations.NullMarked;
