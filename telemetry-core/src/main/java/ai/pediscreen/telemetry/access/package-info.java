/**
 * Who may do what: keys, each of one organisation and with scopes.
 *
 * <p>{@link ai.pediscreen.telemetry.access.KeySecret} is what a caller holds, {@link
 * ai.pediscreen.telemetry.access.AccessKey} what is known of it, {@link
 * ai.pediscreen.telemetry.access.KeyStore} the port that keeps the second and never the first.
 */
@NullMarked
package ai.pediscreen.telemetry.access;

import org.jspecify.annotations.NullMarked;
