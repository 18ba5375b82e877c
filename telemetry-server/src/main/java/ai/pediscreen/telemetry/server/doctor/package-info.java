/**
 * Says what is well, what is not, and what to do about it. Each check reads what was found out
 * about one thing and makes {@link ai.pediscreen.telemetry.server.doctor.Finding}s of it; whoever
 * calls it has asked, and tells of what does not answer.
 */
@NullMarked
package ai.pediscreen.telemetry.server.doctor;

import org.jspecify.annotations.NullMarked;
