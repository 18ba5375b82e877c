/**
 * What one call of a model leaves behind: {@link
 * ai.pediscreen.telemetry.event.TelemetryEvent}, its rules, and the port that keeps it.
 */
@NullMarked
package ai.pediscreen.telemetry.event;

import org.jspecify.annotations.NullMarked;
