/** x. */
@NullMarked
package ai.pediscreen.telemetry.bigquery;

import org.jspecify.annotations.NullMarked;
