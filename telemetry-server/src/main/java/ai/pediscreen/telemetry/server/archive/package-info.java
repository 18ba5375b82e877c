/**
 * Events as files that people and other programs read: CSV and NDJSON. {@link
 * ai.pediscreen.telemetry.server.archive.EventFiles} writes them, page by page, from an {@link
 * ai.pediscreen.telemetry.event.spi.EventArchive}.
 */
@NullMarked
package ai.pediscreen.telemetry.server.archive;

import org.jspecify.annotations.NullMarked;
