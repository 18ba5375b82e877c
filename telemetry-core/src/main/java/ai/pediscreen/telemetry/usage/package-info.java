/**
 * What is asked of events: how many calls, how fast, at what cost, how many failed or fell back.
 *
 * <p>{@link ai.pediscreen.telemetry.usage.UsageQueries} is the port that answers for a {@link
 * ai.pediscreen.telemetry.usage.TimeWindow}.
 */
@NullMarked
package ai.pediscreen.telemetry.usage;

import org.jspecify.annotations.NullMarked;
