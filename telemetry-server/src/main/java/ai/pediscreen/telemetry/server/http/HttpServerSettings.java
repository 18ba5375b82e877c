package ai.pediscreen.telemetry.server.http;

/**
 * How the HTTP server is set up.
 *
 * @param host address or name to listen on
 * @param port 0 to 65535; 0 takes any free one
 * @param appName what {@code /health} calls the service
 * @param servesMetrics whether {@code /metrics} is one of the routes
 * @param authRequired whether every request but those of the health routes needs a key. There are
 *     no keys yet, so for now they are all refused.
 */
public record HttpServerSettings(
    String host, int port, String appName, boolean servesMetrics, boolean authRequired) {

  public HttpServerSettings {
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
