/**
 * Every port kept in memory: for programs that embed the core without a database, and for tests.
 * {@link ai.pediscreen.telemetry.memory.InMemoryStore} keeps figures of any number of events and
 * the newest events; {@link ai.pediscreen.telemetry.memory.InMemoryTelemetry} every event, for
 * tests.
 */
@NullMarked
package ai.pediscreen.telemetry.memory;

import org.jspecify.annotations.NullMarked;
