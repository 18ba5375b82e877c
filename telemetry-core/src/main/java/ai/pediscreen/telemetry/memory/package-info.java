/**
 * Every port kept in memory: for programs that embed the core without a database, and for tests.
 * {@link ai.pediscreen.telemetry.memory.InMemoryTelemetry} is the entry.
 */
@NullMarked
package ai.pediscreen.telemetry.memory;

import org.jspecify.annotations.NullMarked;
