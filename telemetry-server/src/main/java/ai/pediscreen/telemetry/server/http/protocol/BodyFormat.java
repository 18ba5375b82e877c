package ai.pediscreen.telemetry.server.http.protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the body of a request says it is. */
public enum BodyFormat {
  /** One JSON document. */
  JSON,
  /** One JSON document a line. */
  LINES;

  private static final Pattern JSON_TYPE = Pattern.compile("application/[!#$&^_.+\\w-]*json");
  private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)\"?");

  /**
   * The format of a {@code Content-Type}: any {@code application/*json}, with any parameters, is
   * JSON, and so is a body that does not say.
   *
   * @throws ProblemException 415 for another type, or another charset than UTF-8
   */
  public static BodyFormat of(@Nullable String contentType) {
    if (contentType == null || contentType.isBlank() || contentType.equals("application/json")) {
      return JSON;
    }
    String lowerCase = contentType.toLowerCase(Locale.ROOT);
    int end = lowerCase.indexOf(';');
    String type = (end < 0 ? lowerCase : lowerCase.substring(0, end)).strip();
    if (!JSON_TYPE.matcher(type).matches()) {
      throw unsupported("the body must be JSON: application/json or application/x-ndjson");
    }
    Matcher charset = CHARSET.matcher(lowerCase);
    if (charset.find() && !charset.group(1).equals("utf-8") && !charset.group(1).equals("utf8")) {
      throw unsupported("the charset of the body must be utf-8");
    }
    return type.equals("application/x-ndjson") || type.equals("application/ndjson") ? LINES : JSON;
  }

  private static ProblemException unsupported(String message) {
    return Problem.of(415, "UNSUPPORTED_MEDIA_TYPE", message).exception();
  }
}
