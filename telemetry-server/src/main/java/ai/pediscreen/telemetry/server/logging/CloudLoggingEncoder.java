package ai.pediscreen.telemetry.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * One JSON object a line, with the fields that Google Cloud Logging knows, and by {@code
 * stack_trace} and {@code serviceContext} its Error Reporting. ASCII alone, so that no character
 * can end a line or move a cursor.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 */
final class CloudLoggingEncoder extends LineEncoder {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final String service;
  private final String version;

  CloudLoggingEncoder(String service, String version) {
    this.service = service;
    this.version = version;
  }

  @Override
  String lines(ILoggingEvent event) {
    StringWriter line = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("severity", severity(event.getLevel()));
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("message", message(event));
      String traceId = traceId(event);
      if (traceId != null) {
        json.writeStringField("logging.googleapis.com/trace", traceId);
      }
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", LogText.plain(event.getThreadName()));
      json.writeObjectFieldStart("serviceContext");
      json.writeStringField("service", service);
      json.writeStringField("version", version);
      json.writeEndObject();
      Throwable failure = failure(event);
      if (failure != null) {
        json.writeStringField("stack_trace", LogText.stackTrace(failure));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.append('\n').toString();
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }
}
