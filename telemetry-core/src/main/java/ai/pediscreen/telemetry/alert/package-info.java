/**
 * What somebody is told: that a model drifts, fails, is slow, costs too much or is silent, and that
 * it no longer is.
 *
 * <p>{@link ai.pediscreen.telemetry.alert.AlertRules} say what is too much, {@link
 * ai.pediscreen.telemetry.alert.AlertWatch} looks at the figures, {@link
 * ai.pediscreen.telemetry.alert.AlertChanges} makes of what it finds and what was open what is open
 * now and one message for each change. {@link ai.pediscreen.telemetry.alert.AlertStore} is the port
 * that keeps all of that, and the messages until they have arrived. Who sends them asks {@link
 * ai.pediscreen.telemetry.alert.DeliverySchedule} when to try again.
 */
@NullMarked
package ai.pediscreen.telemetry.alert;

import org.jspecify.annotations.NullMarked;
