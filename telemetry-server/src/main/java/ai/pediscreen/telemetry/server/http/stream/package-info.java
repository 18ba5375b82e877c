/** Answers that take long to send: files of events, and what changes. */
@NullMarked
package ai.pediscreen.telemetry.server.http.stream;

import org.jspecify.annotations.NullMarked;
