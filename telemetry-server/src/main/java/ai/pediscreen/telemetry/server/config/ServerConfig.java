package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.alert.AlertSettings;
import java.util.Map;

/**
 * What the settings say. Immutable.
 *
 * @param http where requests come in, and whose
 * @param storage where data is kept, and how long
 * @param events what is done with an event before it is kept
 * @param drift what days are watched for
 * @param alerts when to alert, and whom
 * @param reporting what the server says of itself, and where
 */
public record ServerConfig(
    HttpConfig http,
    StorageConfig storage,
    EventConfig events,
    DriftConfig drift,
    AlertSettings alerts,
    ReportingConfig reporting) {

  public ServerConfig {
    requireNonNull(http, "http");
    requireNonNull(storage, "storage");
    requireNonNull(events, "events");
    requireNonNull(drift, "drift");
    requireNonNull(alerts, "alerts");
    requireNonNull(reporting, "reporting");
  }

  /**
   * Reads the environment and the file {@code .env}.
   *
   * @throws InvalidConfigurationException with every fault
   */
  public static ServerConfig ofProcess() {
    return read(Environment.ofProcess());
  }

  /**
   * Reads variables as if they were the environment.
   *
   * @throws InvalidConfigurationException with every fault
   */
  public static ServerConfig of(Map<String, String> variables) {
    return read(new Environment(variables));
  }

  private static ServerConfig read(Environment environment) {
    ServerConfig config =
        new ServerConfig(
            HttpConfig.read(environment),
            StorageConfig.read(environment),
            EventConfig.read(environment),
            DriftConfig.read(environment),
            AlertConfig.read(environment),
            ReportingConfig.read(environment));
    environment.requireNoFaults();
    return config;
  }
}
