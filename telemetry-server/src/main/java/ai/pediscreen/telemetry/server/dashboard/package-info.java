/**
 * The files of the web page that shows the figures. {@link
 * ai.pediscreen.telemetry.server.dashboard.DashboardAssets} reads them from the class path: plain
 * HTML, CSS and ES modules as they were written, and one chart library from a WebJar.
 */
@NullMarked
package ai.pediscreen.telemetry.server.dashboard;

import org.jspecify.annotations.NullMarked;
