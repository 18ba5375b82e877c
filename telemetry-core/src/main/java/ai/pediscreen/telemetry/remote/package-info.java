/**
 * Events to a telemetry server elsewhere, over HTTP: {@link
 * ai.pediscreen.telemetry.remote.RemoteStore}. The one part of this module that does I/O.
 */
@NullMarked
package ai.pediscreen.telemetry.remote;

import org.jspecify.annotations.NullMarked;
