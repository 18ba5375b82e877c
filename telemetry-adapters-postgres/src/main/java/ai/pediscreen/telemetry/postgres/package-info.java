/**
 * Keeps events in PostgreSQL and answers questions from rollups that the same transaction keeps.
 *
 * <p>{@link ai.pediscreen.telemetry.postgres.PostgresTelemetry} is the entry: it opens the pools,
 * migrates the schema and hands out the ports {@link ai.pediscreen.telemetry.event.spi.EventStore},
 * {@link ai.pediscreen.telemetry.usage.UsageQueries} and {@link
 * ai.pediscreen.telemetry.access.KeyStore}. The packages below are hidden; one class in them stands
 * for each table.
 *
 * <p>Organisations are kept apart twice: by the conditions of every statement, and by row-level
 * security, under a role that a transaction for one organisation assumes.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres;

import org.jspecify.annotations.NullMarked;
