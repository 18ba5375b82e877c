/**
 * Keeps events in PostgreSQL and answers questions from rollups that the same transaction keeps.
 *
 * <p>{@link ai.pediscreen.telemetry.postgres.PostgresTelemetry} is the entry: it opens the pools,
 * migrates the schema and hands out the ports {@link ai.pediscreen.telemetry.event.EventStore} and
 * {@link ai.pediscreen.telemetry.usage.UsageQueries}. One class stands for each table.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres;

import org.jspecify.annotations.NullMarked;
