/**
 * What the program says of itself: to the console in a form for people, or with {@code
 * ENV=production} in Google Cloud Logging's; and to Sentry what went wrong.
 *
 * <p>{@link ai.pediscreen.telemetry.server.logging.Logging} sets it up. Nothing here repeats what a
 * request held: control characters are replaced, and messages of exceptions that may quote a value
 * are left out ({@link ai.pediscreen.telemetry.server.logging.LogText}).
 */
@NullMarked
package ai.pediscreen.telemetry.server.logging;

import org.jspecify.annotations.NullMarked;
