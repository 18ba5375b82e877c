/** The thin server: reads its configuration, wires the adapters, serves HTTP. */
@NullMarked
package ai.pediscreen.telemetry.server;

import org.jspecify.annotations.NullMarked;
