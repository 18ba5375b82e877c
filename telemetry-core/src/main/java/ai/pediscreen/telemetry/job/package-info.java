/**
 * What goes on in the background, whatever program it is in: {@link
 * ai.pediscreen.telemetry.job.PeriodicTask}, and jobs that compute days. {@link
 * ai.pediscreen.telemetry.job.DaySchedule} asks for those that are due, {@link
 * ai.pediscreen.telemetry.job.JobQueue} takes requests, {@link
 * ai.pediscreen.telemetry.job.InProcessJobQueue} does them in this program.
 */
@NullMarked
package ai.pediscreen.telemetry.job;

import org.jspecify.annotations.NullMarked;
