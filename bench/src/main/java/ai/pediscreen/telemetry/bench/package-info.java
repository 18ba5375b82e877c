/**
 * Measures the packaged server beside what it stands on: PostgreSQL's lone commits and COPY, and a
 * bare route of the same HTTP server. Entry: {@link ai.pediscreen.telemetry.bench.Main}, started by
 * {@code bench/run}.
 */
@NullMarked
package ai.pediscreen.telemetry.bench;

import org.jspecify.annotations.NullMarked;
