/** The parts of a running server, put together and ended in order. */
@NullMarked
package ai.pediscreen.telemetry.server.assembly;

import org.jspecify.annotations.NullMarked;
