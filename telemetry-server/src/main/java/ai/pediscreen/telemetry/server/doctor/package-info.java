/**
 * Says what is in order, what is not, and what to do about it. Each check turns a report about one
 * thing into {@link ai.pediscreen.telemetry.server.doctor.Finding}s; the caller gets the report,
 * and handles what does not answer.
 */
@NullMarked
package ai.pediscreen.telemetry.server.doctor;

import org.jspecify.annotations.NullMarked;
