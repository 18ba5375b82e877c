/**
 * Figures of usage: what is pending, the fold that merges it into the rollups ({@link
 * ai.pediscreen.telemetry.postgres.usage.UsageFold}), and the answers from both. Ports: {@link
 * ai.pediscreen.telemetry.usage.UsageQueries}, {@link
 * ai.pediscreen.telemetry.usage.spi.ModelHistory}.
 *
 * <p>Knows {@code transaction} and {@code event}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.usage;

import org.jspecify.annotations.NullMarked;
