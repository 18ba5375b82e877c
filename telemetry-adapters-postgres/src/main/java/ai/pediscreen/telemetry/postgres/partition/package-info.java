/**
 * Which days have raw events: a partition for each, made ahead or when its first event comes
 * ({@link ai.pediscreen.telemetry.postgres.partition.DayPartitions}), and the clock by which they
 * are dropped.
 *
 * <p>Knows {@code transaction} alone.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.partition;

import org.jspecify.annotations.NullMarked;
