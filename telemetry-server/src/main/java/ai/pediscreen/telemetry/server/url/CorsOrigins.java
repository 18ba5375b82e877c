package ai.pediscreen.telemetry.server.url;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code CORS_ORIGINS}: whose pages may call from a browser. */
public final class CorsOrigins {

  private static final String RULE =
      "must list origins separated by commas, such as https://app.example,http://localhost:3000:"
          + " scheme, host and port, without a path and without *";

  private CorsOrigins() {}

  /**
   * The origins, as browsers write them.
   *
   * @throws IllegalArgumentException saying what the text must be
   */
  public static Set<String> parse(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(origin -> origin(origin.strip()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String origin(String text) {
    try {
      URI uri = new URI(text.toLowerCase(Locale.ROOT));
      boolean http = "http".equals(uri.getScheme());
      if ((http || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        // Browsers leave the port out where it is the scheme's own.
        boolean usual = uri.getPort() < 0 || uri.getPort() == (http ? 80 : 443);
        return uri.getScheme() + "://" + uri.getHost() + (usual ? "" : ":" + uri.getPort());
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(RULE, e);
    }
    throw new IllegalArgumentException(RULE);
  }
}
