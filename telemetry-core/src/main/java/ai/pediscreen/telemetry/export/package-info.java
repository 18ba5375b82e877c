/**
 * Export of events and daily aggregates, each event once.
 *
 * <p>{@link ai.pediscreen.telemetry.export.Exporter} is the use case and the entry. It stands
 * between two ports: {@link ai.pediscreen.telemetry.export.ExportQueue} knows what is still to be
 * exported, and {@link ai.pediscreen.telemetry.export.EventExporter} is the destination.
 *
 * <p>What makes it exactly once: a batch has a place of its own, {@code (stream, offset)}, and is
 * stored with its bytes before it is sent. After any crash, the exporter that finds a stored batch
 * sends the same bytes to the same place; if the place is taken, it is taken by these bytes.
 */
@NullMarked
package ai.pediscreen.telemetry.export;

import org.jspecify.annotations.NullMarked;
