/** Access: keys, rate limits, and limits of connections. */
@NullMarked
package ai.pediscreen.telemetry.server.http.access;

import org.jspecify.annotations.NullMarked;
