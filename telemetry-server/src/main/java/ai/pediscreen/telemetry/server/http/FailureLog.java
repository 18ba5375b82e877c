package ai.pediscreen.telemetry.server.http;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what nobody expected, once, with the trace id that the caller was given. Messages of
 * exceptions may quote what a request held, so their control characters are made harmless: one
 * request cannot write a line that looks like another's.
 */
final class FailureLog {

  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
  private static final int MAX_CAUSES = 8;

  private FailureLog() {}

  static void unexpected(String traceId, Throwable failure) {
    LOG.error("request {} failed: {}", traceId, describe(failure));
  }

  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(1024);
    Throwable current = failure;
    for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
      text.append(depth == 0 ? "" : "Caused by: ").append(current.getClass().getName());
      text.append(": ").append(singleLine(current.getMessage())).append('\n');
      for (StackTraceElement frame : current.getStackTrace()) {
        text.append("\tat ").append(frame).append('\n');
      }
      current = current.getCause();
    }
    return text.toString();
  }

  private static String singleLine(@Nullable String message) {
    if (message == null) {
      return "no message";
    }
    StringBuilder line = new StringBuilder(message.length());
    message
        .codePoints()
        .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c)
        .forEach(line::appendCodePoint);
    return line.toString();
  }
}
