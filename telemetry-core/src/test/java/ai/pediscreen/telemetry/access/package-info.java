/** What every {@link ai.pediscreen.telemetry.access.KeyStore} promises. */
@NullMarked
package ai.pediscreen.telemetry.access;

import org.jspecify.annotations.NullMarked;
