package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import ai.pediscreen.telemetry.server.http.ServerCertificate;
import ai.pediscreen.telemetry.server.http.access.ConnectionLimits;
import ai.pediscreen.telemetry.server.http.access.SenderRates;
import ai.pediscreen.telemetry.server.url.CorsOrigins;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come in, and whose. Immutable.
 *
 * @param listening where the server listens
 * @param senders who may call
 * @param initAdminKey a key with scope admin that is valid from the first start on; null for none
 */
public record HttpConfig(
    HttpServerSettings.Listening listening,
    HttpServerSettings.Senders senders,
    @Nullable KeySecret initAdminKey) {

  static final Settings SETTINGS = new Settings();

  /** The address to listen on. */
  public static final Setting<String> HOST =
      SETTINGS.withDefault("HOST", "127.0.0.1", Function.identity(), "address to listen on");

  /** The port to listen on. */
  public static final Setting<Integer> PORT =
      SETTINGS.withDefault(
          "PORT", "8000", Forms.port(), "port to listen on; 0 for any that is free");

  private static final Setting<Boolean> AUTH =
      SETTINGS.optional(
          "AUTH",
          "`off` on loopback, else `required`",
          Forms.oneOf("required", "off").andThen("required"::equals),
          "`off` is refused on any address but loopback");

  private static final Setting<KeySecret> INIT_ADMIN_KEY =
      SETTINGS.secret(
          "INIT_ADMIN_KEY",
          KeySecret::chosen,
          "a key with scope `admin`, entered at the start if it is new: 32 to 256 random"
              + " characters");

  private static final Setting<Set<String>> CORS_ORIGINS =
      SETTINGS.withDefault(
          "CORS_ORIGINS",
          Set.of(),
          "none",
          CorsOrigins::parse,
          "origins whose pages may call from a browser:"
              + " `https://app.example,http://localhost:3000`");

  private static final Setting<Path> TLS_CERT =
      SETTINGS.optional(
          "TLS_CERT",
          Forms::path,
          "file in PEM: the certificate with its chain. Set: `PORT` speaks TLS 1.2 and 1.3 alone;"
              + " files that change are read again within seconds. `METRICS_PORT` stays without");

  private static final Setting<Path> TLS_KEY =
      SETTINGS.optional(
          "TLS_KEY",
          Forms::path,
          "file in PEM: the certificate's key (`BEGIN PRIVATE KEY`, no password)");

  private static final Setting<ConnectionLimits> MAX_CONNECTIONS =
      SETTINGS.withDefault(
          "MAX_CONNECTIONS",
          ConnectionLimits.ofProcess(),
          "by the limit of open files, at most 10 000",
          Forms.integer(10, 100_000).andThen(ConnectionLimits::of),
          "how many connections may be open, three quarters of them from one address; over that,"
              + " those without a request are closed");

  private static final Setting<Integer> EVENTS_PER_SECOND =
      SETTINGS.optional(
          "EVENTS_PER_SECOND",
          "unlimited",
          rate(),
          "rate limit for the events of an organisation (of an address where no keys are required);"
              + " `keys create --events-per-second` sets a key's own. Over it: 429 with"
              + " `Retry-After` and `RateLimit-…`. With `REDIS_URL` of all servers together");

  private static final Setting<Integer> REQUESTS_PER_SECOND =
      SETTINGS.optional("REQUESTS_PER_SECOND", "unlimited", rate(), "the same for requests");

  public HttpConfig {
    requireNonNull(listening, "listening");
    requireNonNull(senders, "senders");
  }

  static HttpConfig read(Environment environment) {
    String host = environment.get(HOST);
    boolean keysRequired = keysRequired(environment, host);
    SenderRates rates =
        new SenderRates(
            environment.find(REQUESTS_PER_SECOND),
            environment.find(EVENTS_PER_SECOND),
            environment.find(StorageConfig.REDIS_URL) != null);
    return new HttpConfig(
        new HttpServerSettings.Listening(
            host,
            environment.get(PORT),
            certificate(environment),
            environment.get(MAX_CONNECTIONS)),
        new HttpServerSettings.Senders(keysRequired, rates, environment.get(CORS_ORIGINS)),
        environment.find(INIT_ADMIN_KEY));
  }

  private static boolean keysRequired(Environment environment, String host) {
    boolean loopback = isLoopback(environment, host);
    Boolean required = environment.find(AUTH);
    if (required == null) {
      return !loopback;
    }
    if (!required && !loopback) {
      environment.fault(
          "AUTH=off requires no keys, so HOST must be a loopback address such as 127.0.0.1; set"
              + " AUTH=required to listen on another");
    }
    return required;
  }

  private static boolean isLoopback(Environment environment, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      environment.fault(HOST, "must be an address of this machine or a name that resolves to one");
      return true;
    }
  }

  private static @Nullable ServerCertificate certificate(Environment environment) {
    Path chain = environment.find(TLS_CERT);
    Path key = environment.find(TLS_KEY);
    if (chain == null && key == null) {
      return null;
    }
    if (chain == null || key == null) {
      environment.fault("TLS_CERT and TLS_KEY must be set together");
      return null;
    }
    try {
      return ServerCertificate.of(chain, key);
    } catch (IllegalArgumentException e) {
      environment.fault(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Function<String, Integer> rate() {
    return Forms.integer(1, 10_000_000);
  }
}
