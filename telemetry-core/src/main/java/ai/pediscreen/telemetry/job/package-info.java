/**
 * Background work: {@link ai.pediscreen.telemetry.job.PeriodicTask}, and jobs that compute days.
 * {@link ai.pediscreen.telemetry.job.DaySchedule} queues those that are due, {@link
 * ai.pediscreen.telemetry.job.JobQueue} is the port, {@link
 * ai.pediscreen.telemetry.job.InProcessJobQueue} runs them in this program.
 */
@NullMarked
package ai.pediscreen.telemetry.job;

import org.jspecify.annotations.NullMarked;
