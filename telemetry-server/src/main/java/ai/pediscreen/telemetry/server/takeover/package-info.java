/**
 * Takes over what was stored elsewhere: {@link ai.pediscreen.telemetry.server.takeover.EventImport}
 * brings events from an {@link ai.pediscreen.telemetry.server.takeover.EventSource} into the store,
 * by the rules that hold for every sender. Sources are the tables of the service that this one
 * replaces and files of NDJSON.
 */
@NullMarked
package ai.pediscreen.telemetry.server.takeover;

import org.jspecify.annotations.NullMarked;
