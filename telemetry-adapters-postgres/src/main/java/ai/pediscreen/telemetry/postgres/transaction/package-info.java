/**
 * What runs on connections: transactions of each kind, locks, the role of one organisation, and the
 * reading of SQL failures. {@link ai.pediscreen.telemetry.postgres.transaction.Database} is the
 * entry.
 *
 * <p>Knows {@code connect} alone.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.transaction;

import org.jspecify.annotations.NullMarked;
