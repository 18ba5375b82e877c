package ai.pediscreen.telemetry.server.http;

import java.util.Set;

/**
 * How the HTTP server is set up.
 *
 * @param host address or name to listen on
 * @param port 0 to 65535; 0 takes any free one
 * @param appName what {@code /health} calls the service
 * @param authRequired whether requests need a key, but for those of open routes
 * @param corsOrigins whose pages may call, such as {@code https://app.example}; none if empty
 */
public record HttpServerSettings(
    String host, int port, String appName, boolean authRequired, Set<String> corsOrigins) {

  public HttpServerSettings {
    corsOrigins = Set.copyOf(corsOrigins);
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be blank");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535 but is " + port);
    }
    if (appName.isBlank()) {
      throw new IllegalArgumentException("appName must not be blank");
    }
  }
}
