/**
 * Events as rows: one statement that adds them ({@link
 * ai.pediscreen.telemetry.postgres.event.EventAppend}), the ledger that knows each once, and what
 * reads them back. Ports: {@link ai.pediscreen.telemetry.event.spi.EventStore}, {@link
 * ai.pediscreen.telemetry.event.spi.EventArchive}, {@link
 * ai.pediscreen.telemetry.usage.spi.EventSearch}.
 *
 * <p>Knows {@code transaction} and {@code partition}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.event;

import org.jspecify.annotations.NullMarked;
