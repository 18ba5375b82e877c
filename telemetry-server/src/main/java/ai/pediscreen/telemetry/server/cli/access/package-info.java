/** The command line: what is done about who may do what. */
@NullMarked
package ai.pediscreen.telemetry.server.cli.access;

import org.jspecify.annotations.NullMarked;
