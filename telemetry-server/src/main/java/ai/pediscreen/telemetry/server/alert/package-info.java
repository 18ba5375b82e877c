/**
 * Tells somebody: {@link ai.pediscreen.telemetry.server.alert.AlertThreads} has the figures looked
 * at once a minute and sends what is to be sent, by an {@link
 * ai.pediscreen.telemetry.server.alert.AlertSender} for each channel that is set up.
 */
@NullMarked
package ai.pediscreen.telemetry.server.alert;

import org.jspecify.annotations.NullMarked;
