/**
 * Realistic events of a product that screens children's development, to see figures before having
 * any. {@link ai.pediscreen.telemetry.server.demo.DemoEvents} makes them, the same at each run;
 * {@link ai.pediscreen.telemetry.server.demo.DemoTraffic} keeps sending new ones.
 */
@NullMarked
package ai.pediscreen.telemetry.server.demo;

import org.jspecify.annotations.NullMarked;
