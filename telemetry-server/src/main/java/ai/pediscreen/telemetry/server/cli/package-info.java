/** The command line: a class for each command that serves, watches or administers. */
@NullMarked
package ai.pediscreen.telemetry.server.cli;

import org.jspecify.annotations.NullMarked;
