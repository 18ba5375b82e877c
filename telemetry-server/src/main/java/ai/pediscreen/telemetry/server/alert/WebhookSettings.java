package ai.pediscreen.telemetry.server.alert;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.url.UrlParts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP receiver. Immutable.
 *
 * @param url where to; its path may be a secret
 * @param secret what messages are signed with; null to leave them unsigned
 * @param format what the body looks like
 * @param allowPrivate whether the receiver may have a private address
 */
public record WebhookSettings(
    URI url, @Nullable String secret, Format format, boolean allowPrivate) {

  /** What a body looks like. */
  public enum Format {
    /** All there is to say, as JSON. */
    JSON,
    /** What Slack's incoming webhooks take. */
    SLACK
  }

  public WebhookSettings {
    requireNonNull(url, "url");
    requireNonNull(format, "format");
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with the rule that it breaks
   */
  public static URI parseUrl(String text) {
    try {
      URI url = new URI(text);
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("https") || scheme.equals("http"))
          && UrlParts.namesHost(url)
          && url.getUserInfo() == null
          && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Answered below; its message would quote the URL.
    }
    throw new IllegalArgumentException("must be a URL such as https://alerts.example/hook");
  }

  /** Without what may be secret. */
  @Override
  public String toString() {
    return format + " to " + url.getHost();
  }
}
