/** Routes of baselines, which days are compared with for good. */
@NullMarked
package ai.pediscreen.telemetry.server.http.baseline;

import org.jspecify.annotations.NullMarked;
