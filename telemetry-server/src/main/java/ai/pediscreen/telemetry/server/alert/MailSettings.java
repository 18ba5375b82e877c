package ai.pediscreen.telemetry.server.alert;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.url.UrlParts;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * E-mail through a server that takes it. Immutable.
 *
 * @param server which server
 * @param from the sender's address
 * @param to the receivers' addresses; at least one
 */
public record MailSettings(Server server, String from, List<String> to) {

  private static final int SUBMISSION = 587;
  private static final int SUBMISSION_OVER_TLS = 465;

  public MailSettings {
    requireNonNull(server, "server");
    requireNonNull(from, "from");
    to = List.copyOf(to);
    if (to.isEmpty()) {
      throw new IllegalArgumentException("to must name a receiver");
    }
  }

  /**
   * A mail server.
   *
   * @param host its name
   * @param port its port
   * @param tls whether TLS begins with the connection; else by STARTTLS, and without it only if
   *     there is no password
   * @param user who sends; null to say nothing
   * @param password the user's; null without a user
   */
  public record Server(
      String host, int port, boolean tls, @Nullable String user, @Nullable String password) {

    /**
     * Reads {@code smtp://user:password@host:port} or {@code smtps://…}; user and password may be
     * left out, and are percent-encoded.
     *
     * @throws IllegalArgumentException with the rule that it breaks
     */
    public static Server parse(String text) {
      try {
        URI url = new URI(text);
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("smtps");
        String login = url.getRawUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        boolean path = url.getRawPath() != null && url.getRawPath().length() > 1;
        if ((tls || scheme.equals("smtp"))
            && UrlParts.namesHost(url)
            && !path
            && (login == null || colon > 0)) {
          int port = url.getPort() < 0 ? (tls ? SUBMISSION_OVER_TLS : SUBMISSION) : url.getPort();
          return new Server(
              url.getHost(),
              port,
              tls,
              login == null ? null : UrlParts.decoded(login.substring(0, colon)),
              login == null ? null : UrlParts.decoded(login.substring(colon + 1)));
        }
      } catch (URISyntaxException e) {
        // Answered below; its message would quote the password.
      }
      throw new IllegalArgumentException(
          "must be a URL such as smtp://user:password@mail.example:587, or smtps://…");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Reads addresses with commas between.
   *
   * @throws IllegalArgumentException with the rule that they break
   */
  public static List<String> parseAddresses(String text) {
    try {
      List<String> addresses =
          List.of(InternetAddress.parse(text, true)).stream()
              .map(InternetAddress::toString)
              .toList();
      if (!addresses.isEmpty() && addresses.stream().allMatch(one -> one.contains("@"))) {
        return addresses;
      }
    } catch (AddressException e) {
      // Answered below.
    }
    throw new IllegalArgumentException("must be e-mail addresses with commas between");
  }
}
