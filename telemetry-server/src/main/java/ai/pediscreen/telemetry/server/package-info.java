/**
 * The thin server: reads its configuration, wires the adapters, serves HTTP.
 *
 * <p>{@link ai.pediscreen.telemetry.server.Main} is the command line; {@link
 * ai.pediscreen.telemetry.server.config.ServerConfig} what the environment says; {@link
 * ai.pediscreen.telemetry.server.assembly.TelemetryServer} constructs the parts in order and closes
 * them in reverse.
 */
@NullMarked
package ai.pediscreen.telemetry.server;

import org.jspecify.annotations.NullMarked;
