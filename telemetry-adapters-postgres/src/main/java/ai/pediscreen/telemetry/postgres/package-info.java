/** x. */
@NullMarked
package ai.pediscreen.telemetry.postgres;

import org.jspecify.annotations.NullMarked;
