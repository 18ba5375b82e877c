/** OpenTelemetry's protocol as it is sent: protobuf and JSON, requests and answers. */
@NullMarked
package ai.pediscreen.telemetry.server.otlp.wire;

import org.jspecify.annotations.NullMarked;
