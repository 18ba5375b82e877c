/**
 * The schema and who may do what in it: its making, its migrations, and the rights of a server's
 * user and of the role of organisations. {@link
 * ai.pediscreen.telemetry.postgres.schema.SchemaSetup} is the entry; the migrations are resources
 * in {@code migration}.
 *
 * <p>Knows {@code connect} and {@code transaction}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.schema;

import org.jspecify.annotations.NullMarked;
