/**
 * Events and daily aggregates leave for another place, each event once.
 *
 * <p>{@link ai.pediscreen.telemetry.export.Exporter} is the use case and the entry. It stands
 * between two ports: {@link ai.pediscreen.telemetry.export.ExportQueue} knows what is still to
 * leave, and {@link ai.pediscreen.telemetry.export.EventExporter} is the place where it goes.
 *
 * <p>What makes it exactly once: a batch has a place of its own, {@code (stream, offset)}, and is
 * stored with its bytes before it is sent. Whoever finds a stored batch, after whatever crash,
 * sends the same bytes to the same place, and a place that is taken already is taken by them.
 */
@NullMarked
package ai.pediscreen.telemetry.export;

import org.jspecify.annotations.NullMarked;
