/**
 * What waits to be exported and where the export stands, in the tables whose names begin with
 * {@code export}. Port: {@link ai.pediscreen.telemetry.export.ExportQueue}.
 *
 * <p>Knows {@code transaction}, {@code event} and {@code day}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.export;

import org.jspecify.annotations.NullMarked;
