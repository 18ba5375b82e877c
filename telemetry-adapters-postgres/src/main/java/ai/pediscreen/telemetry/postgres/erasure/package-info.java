/**
 * Requests to erase events, their receipts, and legal holds. Port: {@link
 * ai.pediscreen.telemetry.erasure.Erasures}.
 *
 * <p>Knows {@code transaction}, {@code event}, {@code export} and {@code audit}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.erasure;

import org.jspecify.annotations.NullMarked;
