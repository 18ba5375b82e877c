package ai.pediscreen.telemetry.server.url;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, in the forms that {@code DATABASE_URL} may take.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without user and password if they stood before an @
 * @param user percent-decoded; null if the URL names none
 * @param password percent-decoded; null if the URL names none
 */
public record DatabaseUrl(String jdbcUrl, @Nullable String user, @Nullable String password) {

  private static final String JDBC = "jdbc:postgresql://";
  private static final Pattern FORM =
      Pattern.compile("(?:jdbc:postgresql|postgresql(?:\\+asyncpg)?|postgres)://(.+)");

  /** What asyncpg calls {@code sslmode}. */
  private static final Pattern ASYNCPG_SSL =
      Pattern.compile(
          "([?&])ssl=(?=(?:disable|allow|prefer|require|verify-ca|verify-full)(?:&|$))");

  public DatabaseUrl {
    requireNonNull(jdbcUrl, "jdbcUrl");
  }

  /**
   * Reads {@code postgresql://}, {@code postgres://}, {@code postgresql+asyncpg://} or {@code
   * jdbc:postgresql://}.
   *
   * @throws IllegalArgumentException saying what it must be, without the text
   */
  public static DatabaseUrl parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "must begin with postgresql://, postgres://, postgresql+asyncpg:// or jdbc:postgresql://");
    }
    String rest = form.group(1);
    int end = authorityEnd(rest);
    int at = rest.lastIndexOf('@', end - 1);
    String hostsAndPath = ASYNCPG_SSL.matcher(rest.substring(at + 1)).replaceAll("$1sslmode=");
    checkHosts(rest.substring(at + 1, end));
    if (at < 0) {
      return new DatabaseUrl(JDBC + hostsAndPath, null, null);
    }
    String[] userInfo = rest.substring(0, at).split(":", 2);
    return new DatabaseUrl(
        JDBC + hostsAndPath,
        userInfo[0].isEmpty() ? null : decode(userInfo[0]),
        userInfo.length < 2 ? null : decode(userInfo[1]));
  }

  /** Passwords stay out of every log. */
  @Override
  public String toString() {
    return jdbcUrl.replaceFirst("\\?.*", "");
  }

  private static int authorityEnd(String rest) {
    int end = rest.length();
    for (char stop : new char[] {'/', '?'}) {
      // A password may hold a slash or question mark only in percent-encoded form.
      int found = rest.indexOf(stop);
      end = found >= 0 ? Math.min(end, found) : end;
    }
    return end;
  }

  private static void checkHosts(String hosts) {
    for (String host : hosts.split(",", -1)) {
      try {
        URI uri = new URI("postgresql://" + host);
        if (!host.isEmpty() && !UrlParts.namesHost(uri)) {
          throw new IllegalArgumentException("must name a host and port after the @");
        }
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException(
            "must name a host and port; characters such as / ? # in a password are written"
                + " percent-encoded",
            e);
      }
    }
  }

  private static String decode(String text) {
    try {
      return UrlParts.decoded(text);
    } catch (IllegalArgumentException e) {
      // Its message quotes what may be part of a password.
      throw new IllegalArgumentException("must have user and password percent-encoded");
    }
  }
}
