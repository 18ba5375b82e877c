package ai.pediscreen.telemetry.server.logging;

import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Text that is safe in a log: it cannot forge a line, and quotes no request. */
public final class LogText {

  private static final int MAX_LENGTH = 4_000;
  private static final int MAX_CAUSES = 8;
  private static final int MAX_FRAMES = 60;

  private static final String OURS = "ai.pediscreen.telemetry.";

  /**
   * Exceptions whose messages name files, addresses, sizes and types, and not what they were given
   * to read. Any other may quote it, as those of parsers do.
   */
  private static final List<String> QUOTING_NOTHING =
      List.of(
          OURS,
          "java.io.",
          "java.nio.",
          "java.net.",
          "javax.net.ssl.",
          "java.util.concurrent.TimeoutException",
          "java.lang.NullPointerException",
          "java.lang.ClassCastException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.ArrayIndexOutOfBoundsException",
          "java.lang.StringIndexOutOfBoundsException",
          "java.lang.OutOfMemoryError",
          "java.lang.StackOverflowError",
          "java.lang.InterruptedException",
          "redis.clients.jedis.exceptions.");

  private LogText() {}

  /**
   * Text without control characters, line breaks of any kind and characters that turn the direction
   * of others, and truncated: on any terminal it stays within its line.
   */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
    int end = Math.min(text.length(), MAX_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      plain.append(c == '\n' || c == '\r' || c == '\t' ? ' ' : isHarmful(c) ? '?' : c);
    }
    return end < text.length() ? plain.append('…').toString() : plain.toString();
  }

  private static boolean isHarmful(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** An exception's message if that quotes nothing; otherwise, or if it has none, null. */
  static @Nullable String message(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof SQLException sql) {
      String state = "SQL state " + sql.getSQLState();
      return plain(message == null || quotes(failure) ? state : state + ": " + message);
    }
    return message == null || quotes(failure) || repeatsAQuote(message, failure)
        ? null
        : plain(message);
  }

  private static boolean quotes(Throwable failure) {
    if (failure instanceof SQLException sql) {
      String state = sql.getSQLState();
      // Data, constraints, limits and triggers: these messages quote what was to be written.
      return state == null || state.matches("(22|23|54|P0).*");
    }
    String type = failure.getClass().getName();
    return QUOTING_NOTHING.stream().noneMatch(type::startsWith);
  }

  /** Whether a message has taken in that of a cause, as {@code new RuntimeException(e)} does. */
  private static boolean repeatsAQuote(String message, Throwable failure) {
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      String inner = cause.getMessage();
      if (inner != null && message.contains(inner) && quotes(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * A failure with its causes and where they happened, in the form of a Java stack trace: the only
   * text here of several lines, each of which begins as no log line does.
   */
  static String stackTrace(Throwable failure) {
    StringBuilder text = new StringBuilder(2_048);
    Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
    StackTraceElement[] enclosing = {};
    Throwable current = failure;
    while (current != null && told.size() < MAX_CAUSES && told.add(current)) {
      text.append(told.size() == 1 ? "" : "Caused by: ").append(head(current)).append('\n');
      appendFrames(text, current.getStackTrace(), enclosing);
      for (Throwable suppressed : current.getSuppressed()) {
        text.append("\tSuppressed: ").append(head(suppressed)).append('\n');
      }
      enclosing = current.getStackTrace();
      current = current.getCause();
    }
    return text.toString();
  }

  private static String head(Throwable failure) {
    String message = message(failure);
    if (message != null) {
      return failure.getClass().getName() + ": " + message;
    }
    return failure.getClass().getName()
        + (failure.getMessage() == null ? "" : ": (a message that may quote a value is left out)");
  }

  private static void appendFrames(
      StringBuilder text, StackTraceElement[] frames, StackTraceElement[] enclosing) {
    int own = frames.length;
    int other = enclosing.length;
    while (own > 0 && other > 0 && frames[own - 1].equals(enclosing[other - 1])) {
      own--;
      other--;
    }
    int shown = Math.min(own, MAX_FRAMES);
    for (int i = 0; i < shown; i++) {
      text.append("\tat ").append(plain(frames[i].toString())).append('\n');
    }
    if (shown < frames.length) {
      text.append("\t... ").append(frames.length - shown).append(" more\n");
    }
  }

  /** Whether a logger or class is one of this program's own. */
  static boolean isOurs(String name) {
    return name.startsWith(OURS);
  }
}
