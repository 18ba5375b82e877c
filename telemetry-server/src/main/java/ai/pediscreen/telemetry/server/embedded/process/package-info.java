/**
 * What tells of a PostgreSQL that runs, or ran, on a data directory: its file, its processes, its
 * log.
 */
@NullMarked
package ai.pediscreen.telemetry.server.embedded.process;

import org.jspecify.annotations.NullMarked;
