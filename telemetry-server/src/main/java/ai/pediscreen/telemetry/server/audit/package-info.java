/**
 * How a server writes to the audit log. {@link ai.pediscreen.telemetry.server.audit.AuditTrail}
 * enters acts at once, and what is counted by a thread.
 */
@NullMarked
package ai.pediscreen.telemetry.server.audit;

import org.jspecify.annotations.NullMarked;
