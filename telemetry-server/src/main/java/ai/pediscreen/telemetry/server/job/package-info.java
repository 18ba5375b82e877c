/**
 * Jobs that compute days: asked for by clock, HTTP, command line or a Redis Stream, done by one
 * code path. {@link ai.pediscreen.telemetry.server.job.JobQueue} is what the routes ask.
 */
@NullMarked
package ai.pediscreen.telemetry.server.job;

import org.jspecify.annotations.NullMarked;
