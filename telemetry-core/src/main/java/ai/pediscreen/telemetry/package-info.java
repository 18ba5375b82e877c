/**
 * What a program needs to embed telemetry. {@link ai.pediscreen.telemetry.Telemetry} records events
 * and answers questions, over a {@link ai.pediscreen.telemetry.TelemetryStore}: {@code
 * InMemoryStore}, {@code PostgresStore} or one of one's own.
 */
@NullMarked
package ai.pediscreen.telemetry;

import org.jspecify.annotations.NullMarked;
