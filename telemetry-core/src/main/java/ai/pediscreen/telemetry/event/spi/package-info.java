/**
 * For adapters: {@link ai.pediscreen.telemetry.event.spi.EventStore} is the port through which
 * events become durable, {@link ai.pediscreen.telemetry.event.spi.EventArchive} that through which
 * they are read back; {@link ai.pediscreen.telemetry.event.spi.GroupCommitter} gathers many small
 * appends into few large ones.
 */
@NullMarked
package ai.pediscreen.telemetry.event.spi;

import org.jspecify.annotations.NullMarked;
