/**
 * The PostgreSQL that comes with the server and keeps real data when no {@code DATABASE_URL} is
 * given.
 *
 * <p>Entry type: {@link ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres}. One data
 * directory, one server process, one supervised postmaster; what was committed survives the death
 * of either of them. The package knows nothing of events, pools or HTTP: it hands out a JDBC URL.
 */
@NullMarked
package ai.pediscreen.telemetry.server.embedded;

import org.jspecify.annotations.NullMarked;
