package ai.pediscreen.telemetry.server.logging;

import ai.pediscreen.telemetry.server.url.UrlParts;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where Sentry takes reports of one project.
 *
 * @param value the address with its key, which {@link #toString} leaves out
 */
public record SentryDsn(String value) {

  /**
   * Reads {@code https://KEY@HOST/PROJECT}.
   *
   * @throws IllegalArgumentException with the rule, not the value
   */
  public static SentryDsn parse(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      String path = uri.getPath();
      if (web
          && UrlParts.namesHost(uri)
          && uri.getUserInfo() != null
          && !uri.getUserInfo().isBlank()
          && path != null
          && path.matches("(/[^/]+)*/[0-9]+/?")
          && uri.getQuery() == null) {
        return new SentryDsn(text);
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(rule());
    }
    throw new IllegalArgumentException(rule());
  }

  private static String rule() {
    return "must look like https://KEY@HOST/PROJECT, with a number for the project";
  }

  @Override
  public String toString() {
    return URI.create(value).getHost();
  }
}
