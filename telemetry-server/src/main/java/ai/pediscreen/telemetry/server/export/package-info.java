/**
 * Lets what waits for export leave while the server runs. {@link
 * ai.pediscreen.telemetry.server.export.ExportThread} is the entry; what it does is {@link
 * ai.pediscreen.telemetry.export.Exporter}.
 */
@NullMarked
package ai.pediscreen.telemetry.server.export;

import org.jspecify.annotations.NullMarked;
