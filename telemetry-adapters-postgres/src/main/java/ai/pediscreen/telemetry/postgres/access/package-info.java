/**
 * Keys of senders and readers, and the fingerprint of the key of pseudonyms. Port: {@link
 * ai.pediscreen.telemetry.access.KeyStore}.
 *
 * <p>Knows {@code transaction} alone.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.access;

import org.jspecify.annotations.NullMarked;
