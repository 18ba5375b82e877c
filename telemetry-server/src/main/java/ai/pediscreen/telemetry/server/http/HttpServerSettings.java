package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftSettings;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP server is set up.
 *
 * @param host address or name to listen on
 * @param port 0 to 65535; 0 takes any free one
 * @param certificate what TLS is spoken with; null for plain HTTP
 * @param appName what {@code /health} calls the service
 * @param servesMetrics whether {@code /metrics} is one of the routes
 * @param authRequired whether requests need a key, but for those of open routes
 * @param streamPace how often a listener hears of changes at most; whole seconds
 * @param keepsContent whether messages and prompts of OpenTelemetry's spans are kept
 * @param drift what days are watched for
 * @param incidents which alerts of drift are an incident
 * @param connections how many connections are kept open
 * @param rates how much each sender may do
 * @param corsOrigins whose pages may call, such as {@code https://app.example}; none if empty
 */
public record HttpServerSettings(
    String host,
    int port,
    @Nullable ServerCertificate certificate,
    String appName,
    boolean servesMetrics,
    boolean authRequired,
    Duration streamPace,
    boolean keepsContent,
    DriftSettings drift,
    DriftIncidents incidents,
    ConnectionLimits connections,
    SenderRates rates,
    Set<String> corsOrigins) {

  public HttpServerSettings {
    corsOrigins = Set.copyOf(corsOrigins);
    if (streamPace.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "streamPace must be at least a second but is " + streamPace);
    }
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
