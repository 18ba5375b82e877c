package ai.pediscreen.telemetry.server.logging;

import java.util.regex.Pattern;

/** What a failure says, in one line for an operator. */
public final class FailureMessage {

  private static final Pattern JDBC_URL = Pattern.compile("jdbc:.*");

  private FailureMessage() {}

  /** The message, and that of each cause as far as its first line, without any URL of JDBC. */
  public static String of(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      if (cause.getMessage() != null && text.indexOf(line) < 0) {
        text.append(": ").append(line);
      }
    }
    // The driver quotes a URL that it cannot read, and that may hold a password.
    return JDBC_URL.matcher(text).replaceAll("(the URL)");
  }
}
