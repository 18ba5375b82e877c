/**
 * What is asked of events: how many calls, how fast, at what cost, how many failed or fell back.
 *
 * <p>{@link ai.pediscreen.telemetry.usage.UsageQueries} is the port that answers for a {@link
 * ai.pediscreen.telemetry.usage.TimeWindow}. Whatever an adapter counts with, it hands {@link
 * ai.pediscreen.telemetry.usage.spi.UsageTally tallies} to a {@link
 * ai.pediscreen.telemetry.usage.spi.UsageSummary}, which is the one place where figures are made of
 * counts. {@link ai.pediscreen.telemetry.usage.spi.LatencyHistogram} holds latencies in bounded
 * space.
 */
@NullMarked
package ai.pediscreen.telemetry.usage;

import org.jspecify.annotations.NullMarked;
