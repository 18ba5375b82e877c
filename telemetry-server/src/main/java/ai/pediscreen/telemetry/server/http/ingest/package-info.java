/** Routes that take events. */
@NullMarked
package ai.pediscreen.telemetry.server.http.ingest;

import org.jspecify.annotations.NullMarked;
