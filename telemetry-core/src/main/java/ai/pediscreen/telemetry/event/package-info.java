/**
 * What one call of a model leaves behind, and the rules it must obey.
 *
 * <p>Start at {@link ai.pediscreen.telemetry.event.TelemetryEvent}: {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent#builder builder} makes one, {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent#fromMap fromMap} reads a decoded JSON object and
 * reports every fault at once.
 */
@NullMarked
package ai.pediscreen.telemetry.event;

import org.jspecify.annotations.NullMarked;
