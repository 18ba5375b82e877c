/**
 * Erasing what can be traced to a child: payloads and identifiers of chosen events. Figures stay,
 * for they name nobody.
 *
 * <p>{@link ai.pediscreen.telemetry.erasure.ErasureSelection} says which events, {@link
 * ai.pediscreen.telemetry.erasure.Erasures} is the port that keeps requests, receipts and legal
 * holds, {@link ai.pediscreen.telemetry.erasure.ExportedEvents} the port to where events were
 * exported.
 */
@NullMarked
package ai.pediscreen.telemetry.erasure;

import org.jspecify.annotations.NullMarked;
