package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.logging.SentryDsn;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of itself, and where. Immutable.
 *
 * @param env where the server runs: {@code dev}, {@code production}, …
 * @param appName what {@code GET /health} answers to
 * @param metricsPort port on which {@code /metrics} is answered; null for the one of all routes
 * @param metricsHost address to listen on there
 * @param sentry where errors are reported; null for nowhere
 * @param settings the text of each setting that is set, and of a secret {@code set}
 */
public record ReportingConfig(
    String env,
    String appName,
    @Nullable Integer metricsPort,
    String metricsHost,
    @Nullable SentryDsn sentry,
    Map<String, String> settings) {

  static final Settings SETTINGS = new Settings();

  static final Setting<Integer> METRICS_PORT =
      SETTINGS.optional(
          "METRICS_PORT",
          Forms.port(),
          "answers `/metrics` on a port of its own and no longer on `PORT`; asks for no key there");

  private static final Setting<String> METRICS_HOST =
      SETTINGS.withDefault(
          "METRICS_HOST",
          "127.0.0.1",
          Function.identity(),
          "address to listen on with `METRICS_PORT`");

  private static final Setting<SentryDsn> SENTRY_DSN =
      SETTINGS.secret("SENTRY_DSN", SentryDsn::parse, "where errors are reported");

  private static final Setting<String> APP_NAME =
      SETTINGS.withDefault(
          "APP_NAME",
          "pedi-telemetry",
          Function.identity(),
          "what `GET /health` answers to, and the service's name in logs");

  private static final Setting<String> ENV =
      SETTINGS.withDefault(
          "ENV", "dev", Function.identity(), "where this runs; `production` has it log JSON");

  public ReportingConfig {
    requireNonNull(env, "env");
    requireNonNull(appName, "appName");
    requireNonNull(metricsHost, "metricsHost");
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** The name of this service in messages that leave it. */
  public String origin() {
    return appName + " " + env;
  }

  static ReportingConfig read(Environment environment) {
    return new ReportingConfig(
        environment.get(ENV),
        environment.get(APP_NAME),
        environment.find(METRICS_PORT),
        environment.get(METRICS_HOST),
        environment.find(SENTRY_DSN),
        environment.given());
  }
}
