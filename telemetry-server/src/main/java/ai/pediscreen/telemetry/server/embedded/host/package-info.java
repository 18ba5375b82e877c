/** What the machine offers, and programs that are run on it. */
@NullMarked
package ai.pediscreen.telemetry.server.embedded.host;

import org.jspecify.annotations.NullMarked;
