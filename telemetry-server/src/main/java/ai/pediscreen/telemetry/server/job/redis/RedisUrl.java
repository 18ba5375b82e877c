package ai.pediscreen.telemetry.server.job.redis;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.url.UrlParts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is: {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://}
 * for TLS, whose certificate and host name are checked.
 *
 * @param tls whether the connection is encrypted
 * @param host a name or address; an IPv6 address without brackets
 * @param port 1 to 65535; 6379 if the URL names none
 * @param user percent-decoded; null for Redis's default user
 * @param password percent-decoded; null for none
 * @param database number of the database, 0 or more
 */
public record RedisUrl(
    boolean tls,
    String host,
    int port,
    @Nullable String user,
    @Nullable String password,
    int database) {

  private static final Pattern FORM = Pattern.compile("(rediss?)://([^/]*)(?:/([0-9]{0,5}))?");
  private static final int DEFAULT_PORT = 6379;

  public RedisUrl {
    requireNonNull(host, "host");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 1 and 65535: " + port);
    }
    if (database < 0) {
      throw new IllegalArgumentException("database must not be negative: " + database);
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what it must be, without the text
   */
  public static RedisUrl parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "must be redis:// or rediss://, [user:password@]host[:port] and perhaps /database;"
              + " characters such as / ? # in a password are written percent-encoded");
    }
    String authority = form.group(2);
    int at = authority.lastIndexOf('@');
    URI place = place(authority.substring(at + 1));
    String[] userInfo = at < 0 ? new String[] {"", ""} : authority.substring(0, at).split(":", 2);
    if (at >= 0 && (userInfo.length < 2 || userInfo[1].isEmpty())) {
      throw new IllegalArgumentException("must name user:password or :password before the @");
    }
    String database = form.group(3);
    return new RedisUrl(
        form.group(1).equals("rediss"),
        place.getHost().replaceAll("[\\[\\]]", ""),
        place.getPort() < 0 ? DEFAULT_PORT : place.getPort(),
        userInfo[0].isEmpty() ? null : decode(userInfo[0]),
        userInfo[1].isEmpty() ? null : decode(userInfo[1]),
        database == null || database.isEmpty() ? 0 : Integer.parseInt(database));
  }

  /** The URL without user and password, which stay out of every log. */
  @Override
  public String toString() {
    return "%s://%s:%d/%d"
        .formatted(
            tls ? "rediss" : "redis", host.contains(":") ? "[" + host + "]" : host, port, database);
  }

  private static URI place(String hostAndPort) {
    try {
      URI place = new URI("redis://" + hostAndPort);
      if (UrlParts.namesHost(place)) {
        return place;
      }
    } catch (URISyntaxException e) {
      // Answered below, as a missing host is; the exception would quote the text.
    }
    throw new IllegalArgumentException("must name a host, and a port between 1 and 65535 if any");
  }

  private static String decode(String text) {
    try {
      return UrlParts.decoded(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must write a % in user or password percent-encoded, as %25");
    }
  }
}
