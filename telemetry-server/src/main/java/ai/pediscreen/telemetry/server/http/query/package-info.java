/** Routes that answer questions about events, days and drift. */
@NullMarked
package ai.pediscreen.telemetry.server.http.query;

import org.jspecify.annotations.NullMarked;
