/**
 * What stores count figures with and answer questions by: {@link
 * ai.pediscreen.telemetry.usage.spi.UsageDelta} is what events add, {@link
 * ai.pediscreen.telemetry.usage.spi.UsageSummary} makes answers of it.
 */
@NullMarked
package ai.pediscreen.telemetry.usage.spi;

import org.jspecify.annotations.NullMarked;
