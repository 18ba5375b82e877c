/**
 * Alerts, and messages of them until they have arrived. Port: {@link
 * ai.pediscreen.telemetry.alert.AlertStore}.
 *
 * <p>Knows {@code transaction} alone.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.alert;

import org.jspecify.annotations.NullMarked;
