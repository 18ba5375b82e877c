/**
 * What a store of events implements and gets, and what gathers the appends of many: {@link
 * ai.pediscreen.telemetry.event.spi.EventStore} is the port.
 */
@NullMarked
package ai.pediscreen.telemetry.event.spi;

import org.jspecify.annotations.NullMarked;
