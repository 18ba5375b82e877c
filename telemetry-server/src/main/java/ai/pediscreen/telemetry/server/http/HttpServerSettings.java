package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.server.http.access.ConnectionLimits;
import ai.pediscreen.telemetry.server.http.access.SenderRates;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the HTTP server is set up. */
public record HttpServerSettings(
    String appName, Listening listening, Senders senders, Features features, Drift drift) {

  public HttpServerSettings {
    if (appName.isBlank()) {
      throw new IllegalArgumentException("appName must not be blank");
    }
  }

  /**
   * Where it listens.
   *
   * @param host address or name to listen on
   * @param port 0 to 65535; 0 takes any free one
   * @param certificate what TLS is spoken with; null for plain HTTP
   * @param connections how many connections are kept open
   */
  public record Listening(
      String host,
      int port,
      @Nullable ServerCertificate certificate,
      ConnectionLimits connections) {

    public Listening {
      if (host.isBlank()) {
        throw new IllegalArgumentException("host must not be blank");
      }
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be between 0 and 65535 but is " + port);
      }
    }
  }

  /**
   * Who may call.
   *
   * @param keysRequired whether requests need a key, but for those of open routes
   * @param rates how much each sender may do
   * @param corsOrigins whose pages may call, such as {@code https://app.example}; none if empty
   */
  public record Senders(boolean keysRequired, SenderRates rates, Set<String> corsOrigins) {

    public Senders {
      corsOrigins = Set.copyOf(corsOrigins);
    }
  }

  /**
   * What is answered and kept.
   *
   * @param servesMetrics whether {@code /metrics} is one of the routes
   * @param streamPace the shortest interval between two notifications of a listener; whole seconds
   * @param keepsContent whether messages and prompts of OpenTelemetry's spans are kept
   */
  public record Features(boolean servesMetrics, Duration streamPace, boolean keepsContent) {

    public Features {
      if (streamPace.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "streamPace must be at least a second but is " + streamPace);
      }
    }
  }

  /**
   * What days are judged by.
   *
   * @param watched what they are watched for
   * @param incidents which alerts of drift are an incident
   */
  public record Drift(DriftSettings watched, DriftIncidents incidents) {}
}
