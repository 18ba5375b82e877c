/** The threads of the HTTP server: which work runs on which. */
@NullMarked
package ai.pediscreen.telemetry.server.http.threads;

import org.jspecify.annotations.NullMarked;
