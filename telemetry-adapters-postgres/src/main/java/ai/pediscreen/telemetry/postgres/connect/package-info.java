/**
 * How the database is reached: direct connections, pools of our own, and connections borrowed from
 * another's pool, each with the settings that its sessions need ({@link
 * ai.pediscreen.telemetry.postgres.connect.SessionProperties}).
 *
 * <p>Knows no other part of the adapter.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.connect;

import org.jspecify.annotations.NullMarked;
