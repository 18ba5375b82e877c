/** What every {@link ai.pediscreen.telemetry.alert.AlertStore} promises. */
@NullMarked
package ai.pediscreen.telemetry.alert;

import org.jspecify.annotations.NullMarked;
