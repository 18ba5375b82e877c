/** What all routes share: problems, bodies, parameters, trace ids. */
@NullMarked
package ai.pediscreen.telemetry.server.http.protocol;

import org.jspecify.annotations.NullMarked;
