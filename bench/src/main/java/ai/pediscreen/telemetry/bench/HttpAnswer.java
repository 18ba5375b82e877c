package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * An answer of HTTP/1.1 that has arrived whole.
 *
 * @param status of the answer
 * @param retryAfter the header's value; null if there is none
 * @param body as Latin-1, which is enough to look for ASCII in it
 * @param bytes the answer takes, head and body
 */
record HttpAnswer(int status, @Nullable String retryAfter, String body, int bytes) {

  private static final String END = "\r\n\r\n";
  private static final String LENGTH = "\r\ncontent-length:";
  private static final String RETRY_AFTER = "\r\nretry-after:";
  private static final String ACCEPTED = "\"accepted\":";

  /**
   * Reads the first answer.
   *
   * @return null if it has not arrived whole
   * @throws IllegalStateException if it does not say how long it is
   */
  static @Nullable HttpAnswer parse(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, ISO_8859_1);
    int headEnd = text.indexOf(END);
    if (headEnd < 0) {
      return null;
    }
    String bodyLength = header(text, headEnd, LENGTH);
    if (bodyLength == null) {
      throw new IllegalStateException("an answer without Content-Length: " + text);
    }
    int bodyAt = headEnd + END.length();
    int end = bodyAt + Integer.parseInt(bodyLength);
    if (end > length) {
      return null;
    }
    int status = Integer.parseInt(text.substring(9, 12));
    String retryAfter = status == 503 ? header(text, headEnd, RETRY_AFTER) : null;
    return new HttpAnswer(status, retryAfter, text.substring(bodyAt, end), end);
  }

  boolean success() {
    return status >= 200 && status < 300;
  }

  /**
   * How many events of a request were accepted: the number after {@code "accepted":} or, where
   * there is none, all of them unless it says that they were there already.
   *
   * @param sent how many there were
   */
  int accepted(int sent) {
    if (!success()) {
      return 0;
    }
    int at = body.indexOf(ACCEPTED);
    if (at < 0) {
      return body.contains("\"duplicate\"") ? 0 : sent;
    }
    int from = at + ACCEPTED.length();
    int to = from;
    while (to < body.length() && Character.isDigit(body.charAt(to))) {
      to++;
    }
    return Integer.parseInt(body.substring(from, to));
  }

  private static @Nullable String header(String text, int headEnd, String name) {
    for (int at = text.indexOf('\r'); at >= 0 && at < headEnd; at = text.indexOf('\r', at + 2)) {
      if (text.regionMatches(true, at, name, 0, name.length())) {
        int from = at + name.length();
        return text.substring(from, text.indexOf('\r', from)).strip();
      }
    }
    return null;
  }
}
