/** The dashboard and its files. */
@NullMarked
package ai.pediscreen.telemetry.server.http.page;

import org.jspecify.annotations.NullMarked;
