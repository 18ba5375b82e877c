/**
 * The HTTP interface of the service: accepts events, answers queries about them, reports its
 * health.
 *
 * <p>{@link ai.pediscreen.telemetry.server.http.TelemetryHttpServer} is the entry. It needs a
 * {@link ai.pediscreen.telemetry.event.spi.GroupCommitter} to append events, on {@link
 * ai.pediscreen.telemetry.usage.UsageQueries} to answer, and on a {@link
 * ai.pediscreen.telemetry.server.http.Readiness} to say whether it can do either. Routes throw;
 * {@link ai.pediscreen.telemetry.server.http.ErrorAnswers} is the one place where that becomes a
 * status and a body.
 */
@NullMarked
package ai.pediscreen.telemetry.server.http;

import org.jspecify.annotations.NullMarked;
