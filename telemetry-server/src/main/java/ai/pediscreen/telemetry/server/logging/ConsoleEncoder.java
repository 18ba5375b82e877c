package ai.pediscreen.telemetry.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A line for people: time (UTC), level, logger, the trace id of the request, message; below it the
 * stack trace if there is one. Named in {@code logback.xml}.
 */
public final class ConsoleEncoder extends LineEncoder {

  /** For Logback, which reads the name of this class. */
  public ConsoleEncoder() {}

  @Override
  String lines(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(256);
    line.append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(logger.substring(logger.lastIndexOf('.') + 1));
    String traceId = traceId(event);
    if (traceId != null) {
      line.append(" [").append(traceId).append(']');
    }
    line.append(": ").append(message(event)).append('\n');
    Throwable failure = failure(event);
    return failure == null ? line.toString() : line + LogText.stackTrace(failure);
  }
}
