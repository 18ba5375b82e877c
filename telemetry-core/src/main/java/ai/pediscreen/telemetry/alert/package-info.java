/**
 * Alerts: that a model drifts, fails, is slow, costs too much or is silent, and that it no longer
 * is.
 *
 * <p>{@link ai.pediscreen.telemetry.alert.AlertRules} say when, {@link
 * ai.pediscreen.telemetry.alert.AlertWatch} looks at the figures, {@link
 * ai.pediscreen.telemetry.alert.AlertChanges} makes the next state of what it finds and what was
 * open, with one message for each change. {@link ai.pediscreen.telemetry.alert.AlertStore} is the
 * port that keeps the state, and the messages until they have arrived. The sender asks {@link
 * ai.pediscreen.telemetry.alert.DeliverySchedule} when to try again.
 */
@NullMarked
package ai.pediscreen.telemetry.alert;

import org.jspecify.annotations.NullMarked;
