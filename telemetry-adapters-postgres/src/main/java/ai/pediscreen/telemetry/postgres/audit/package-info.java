/**
 * The audit log, as a chain of hashes. Port: {@link ai.pediscreen.telemetry.audit.AuditLog}.
 *
 * <p>Knows {@code transaction} alone.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.audit;

import org.jspecify.annotations.NullMarked;
