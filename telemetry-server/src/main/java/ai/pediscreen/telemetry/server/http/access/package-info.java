/** Who may ask for what, how often, and over how many connections. */
@NullMarked
package ai.pediscreen.telemetry.server.http.access;

import org.jspecify.annotations.NullMarked;
