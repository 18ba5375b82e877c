/** The command line: a class for each command that moves or computes data. */
@NullMarked
package ai.pediscreen.telemetry.server.cli.data;

import org.jspecify.annotations.NullMarked;
