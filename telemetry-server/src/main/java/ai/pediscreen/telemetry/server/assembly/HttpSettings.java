package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import java.time.Duration;

/** What the HTTP server is told of the settings. */
final class HttpSettings {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** A page queries again at each change, and a warehouse bills each query. */
  private static final Duration POLL_INTERVAL_OF_BILLED_QUERIES = Duration.ofSeconds(30);

  private HttpSettings() {}

  static HttpServerSettings of(ServerConfig config) {
    return new HttpServerSettings(
        config.reporting().appName(),
        config.http().listening(),
        config.http().senders(),
        new HttpServerSettings.Features(
            config.reporting().metricsPort() == null,
            config.storage().warehouse().answering()
                ? POLL_INTERVAL_OF_BILLED_QUERIES
                : POLL_INTERVAL,
            config.events().keepsContent()),
        new HttpServerSettings.Drift(config.drift().watched(), config.drift().incidents()));
  }
}
