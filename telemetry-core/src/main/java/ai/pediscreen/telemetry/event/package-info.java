/**
 * What one call of a model leaves behind, the rules it must obey, and the port that keeps it.
 *
 * <p>Start at {@link ai.pediscreen.telemetry.event.TelemetryEvent}: {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent#fromMap fromMap} reads a decoded JSON object and
 * reports every fault at once. {@link ai.pediscreen.telemetry.event.spi.EventStore} is the port
 * through which events become durable; {@link ai.pediscreen.telemetry.event.spi.GroupCommitter}
 * gathers many small appends into few large ones.
 */
@NullMarked
package ai.pediscreen.telemetry.event;

import org.jspecify.annotations.NullMarked;
