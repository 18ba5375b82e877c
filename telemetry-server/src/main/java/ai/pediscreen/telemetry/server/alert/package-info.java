/**
 * Sends alerts: {@link ai.pediscreen.telemetry.server.alert.AlertThreads} evaluates the rules once
 * a minute and sends the messages, by an {@link ai.pediscreen.telemetry.server.alert.AlertSender}
 * for each channel that is set up.
 */
@NullMarked
package ai.pediscreen.telemetry.server.alert;

import org.jspecify.annotations.NullMarked;
