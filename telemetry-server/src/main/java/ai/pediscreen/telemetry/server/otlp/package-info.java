/**
 * OpenTelemetry's protocol, without HTTP: what a request holds, and which event each record of it
 * becomes.
 *
 * <p>{@link ai.pediscreen.telemetry.server.otlp.wire.OtlpBody} goes through a request record by
 * record, so that only one of them is in memory as a message; {@link
 * ai.pediscreen.telemetry.server.otlp.CallMapping} says what a record is. The attributes that are
 * read are listed in {@link ai.pediscreen.telemetry.server.otlp.CallField}, and in {@code
 * docs/otlp.md} for those who send them.
 */
@NullMarked
package ai.pediscreen.telemetry.server.otlp;

import org.jspecify.annotations.NullMarked;
