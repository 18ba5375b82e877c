/**
 * For adapters, and for what a server alone asks. Whatever an adapter counts with, it hands {@link
 * ai.pediscreen.telemetry.usage.spi.UsageTally tallies} to a {@link
 * ai.pediscreen.telemetry.usage.spi.UsageSummary}, which is the one place where figures are made of
 * counts. {@link ai.pediscreen.telemetry.usage.spi.UsageDelta} is what events add to them, {@link
 * ai.pediscreen.telemetry.usage.spi.LatencyHistogram} holds latencies in bounded space.
 */
@NullMarked
package ai.pediscreen.telemetry.usage.spi;

import org.jspecify.annotations.NullMarked;
