/**
 * The audit log: who did what, to which events, and how many there were. It is append-only, and a
 * chain of hashes shows whether an entry was changed, removed or inserted.
 *
 * <p>{@link ai.pediscreen.telemetry.audit.AuditAct} is what is entered, {@link
 * ai.pediscreen.telemetry.audit.AuditEntry} what is kept, {@link
 * ai.pediscreen.telemetry.audit.AuditLog} the port, {@link
 * ai.pediscreen.telemetry.audit.AuditChain} the check.
 */
@NullMarked
package ai.pediscreen.telemetry.audit;

import org.jspecify.annotations.NullMarked;
