package ai.pediscreen.telemetry.server.url;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Parts of a URL. */
public final class UrlParts {

  private static final int HIGHEST_PORT = 65_535;

  private UrlParts() {}

  /** Whether the URL names a host, and a port between 1 and 65535 if any. */
  public static boolean namesHost(URI url) {
    return url.getHost() != null && url.getPort() != 0 && url.getPort() <= HIGHEST_PORT;
  }

  /**
   * Percent-decodes a user or password.
   *
   * @throws IllegalArgumentException if a % is not followed by two hexadecimal digits; the message
   *     may quote them
   */
  public static String decoded(String text) {
    // URLDecoder also turns + into a space, which user information does not.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
