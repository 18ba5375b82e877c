/** Backup of an embedded PostgreSQL that runs, and restore. */
@NullMarked
package ai.pediscreen.telemetry.server.embedded.backup;

import org.jspecify.annotations.NullMarked;
