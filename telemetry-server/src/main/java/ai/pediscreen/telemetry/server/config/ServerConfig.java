package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.bigquery.BigQuerySettings;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.privacy.Pseudonyms;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.http.ServerCertificate;
import ai.pediscreen.telemetry.server.http.access.ConnectionLimits;
import ai.pediscreen.telemetry.server.http.access.SenderRates;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.logging.SentryDsn;
import ai.pediscreen.telemetry.server.price.PriceFile;
import ai.pediscreen.telemetry.server.price.PriceList;
import ai.pediscreen.telemetry.server.url.CorsOrigins;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says. Immutable.
 *
 * @param env where the server runs: {@code dev}, {@code production}, …
 * @param appName what {@code GET /health} answers to
 * @param host address to listen on
 * @param port port to listen on; 0 for any that is free
 * @param certificate what TLS is spoken with; null for plain HTTP
 * @param database the database; null for the embedded one
 * @param migrateDatabase the same database, as the owner of its tables; null if the server is it
 * @param databaseSchema where all tables are kept there
 * @param redis the Redis whose stream takes jobs; null if they run in the server
 * @param dataDir where the embedded database keeps its data
 * @param authRequired whether requests need a key
 * @param initAdminKey a key with scope admin that is valid from the first start on; null for none
 * @param connections how many connections are kept open
 * @param rates how much each sender may do
 * @param corsOrigins whose pages may call from a browser
 * @param retentionDays how many days raw events are kept
 * @param auditDays how many days entries of the audit log are kept
 * @param namesPerDay how many models, reasons, fallbacks, adapters and providers of an organisation
 *     are told apart on a day
 * @param drift what days are watched for
 * @param incidents which alerts of drift are an incident
 * @param alerts what is told, and where
 * @param prices what calls cost that do not say
 * @param phi what is done with identifiers of persons in events
 * @param keepsContent whether messages and prompts of OpenTelemetry's spans are kept
 * @param pseudonyms what stands in for ids of users and cases; null to keep those
 * @param metricsPort port on which {@code /metrics} is answered; null for the one of all routes
 * @param metricsHost address to listen on there
 * @param sentry where errors are reported; null for nowhere
 * @param bigQuery the dataset that events may be exported to; null if none is named
 * @param exporting whether events and aggregates are exported to it
 * @param askingBigQuery whether questions about usage are answered there, and not by the database
 * @param settings the text of each setting that is set, and of a secret {@code set}
 */
public record ServerConfig(
    String env,
    String appName,
    String host,
    int port,
    @Nullable ServerCertificate certificate,
    @Nullable DatabaseUrl database,
    @Nullable DatabaseUrl migrateDatabase,
    String databaseSchema,
    @Nullable RedisUrl redis,
    Path dataDir,
    boolean authRequired,
    @Nullable KeySecret initAdminKey,
    ConnectionLimits connections,
    SenderRates rates,
    Set<String> corsOrigins,
    int retentionDays,
    int auditDays,
    int namesPerDay,
    DriftSettings drift,
    DriftIncidents incidents,
    AlertSettings alerts,
    PriceList prices,
    PhiMode phi,
    boolean keepsContent,
    @Nullable Pseudonyms pseudonyms,
    @Nullable Integer metricsPort,
    String metricsHost,
    @Nullable SentryDsn sentry,
    @Nullable BigQuerySettings bigQuery,
    boolean exporting,
    boolean askingBigQuery,
    Map<String, String> settings) {

  private static final int MAX_RATE = 10_000_000;

  public ServerConfig {
    requireNonNull(env, "env");
    requireNonNull(appName, "appName");
    requireNonNull(host, "host");
    requireNonNull(databaseSchema, "databaseSchema");
    requireNonNull(dataDir, "dataDir");
    requireNonNull(metricsHost, "metricsHost");
    requireNonNull(connections, "connections");
    requireNonNull(rates, "rates");
    corsOrigins = Set.copyOf(corsOrigins);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    requireNonNull(drift, "drift");
    requireNonNull(incidents, "incidents");
    requireNonNull(prices, "prices");
    requireNonNull(phi, "phi");
  }

  /**
   * Reads the environment and the file {@code .env}.
   *
   * @throws InvalidConfigurationException with every fault
   */
  public static ServerConfig ofProcess() {
    return read(Environment.ofProcess());
  }

  public static ServerConfig of(Map<String, String> variables) {
    return read(new Environment(variables));
  }

  private static ServerConfig read(Environment environment) {
    String host = environment.text("HOST", "127.0.0.1");
    boolean loopback = isLoopback(host, environment);
    String auth =
        environment.oneOf("AUTH", loopback ? "off" : "required", List.of("required", "off"));
    if (auth.equals("off") && !loopback) {
      environment.fault(
          "AUTH=off lets anybody in, so HOST must be a loopback address such as 127.0.0.1;"
              + " set AUTH=required to listen on another");
    }
    boolean exporting = environment.flag("ENABLE_BIGQUERY", false);
    ServerConfig config =
        new ServerConfig(
            environment.text("ENV", "dev"),
            environment.text("APP_NAME", "pedi-telemetry"),
            host,
            environment.integer("PORT", 8000, 0, 65_535),
            certificate(environment),
            environment.parsedSecret("DATABASE_URL", DatabaseUrl::parse),
            environment.parsedSecret("MIGRATE_DATABASE_URL", DatabaseUrl::parse),
            environment.parsed(
                "DATABASE_SCHEMA",
                PostgresSettings.DEFAULT_SCHEMA,
                PostgresSettings::checkedSchema),
            environment.parsedSecret("REDIS_URL", RedisUrl::parse),
            dataDir(environment),
            auth.equals("required"),
            environment.parsedSecret("INIT_ADMIN_KEY", KeySecret::chosen),
            connections(environment),
            rates(environment),
            environment.parsed("CORS_ORIGINS", Set.of(), CorsOrigins::parse),
            environment.integer("RETENTION_DAYS", 400, 1, 3_650),
            environment.integer("AUDIT_DAYS", 2_190, 1, 36_500),
            environment.integer("NAMES_PER_DAY", 1_000, 10, 100_000),
            DriftConfig.read(environment),
            DriftConfig.incidents(environment),
            AlertConfig.read(environment),
            prices(environment),
            PhiMode.valueOf(
                environment
                    .oneOf("PHI", "redact", List.of("redact", "reject", "off"))
                    .toUpperCase(Locale.ROOT)),
            environment.oneOf("OTLP_CONTENT", "drop", List.of("drop", "keep")).equals("keep"),
            environment.parsedSecret("PSEUDONYM_KEY", Pseudonyms::of),
            metricsPort(environment),
            environment.text("METRICS_HOST", "127.0.0.1"),
            environment.parsedSecret("SENTRY_DSN", SentryDsn::parse),
            BigQueryConfig.read(environment, exporting),
            exporting,
            BigQueryConfig.isQueryEngine(environment, exporting),
            environment.given());
    if (config.migrateDatabase() != null && config.database() == null) {
      environment.fault(
          "MIGRATE_DATABASE_URL is of use beside DATABASE_URL alone: set that to the same database as"
              + " a user with fewer rights");
    }
    if (!environment.faults().isEmpty()) {
      throw new InvalidConfigurationException(environment.faults());
    }
    return config;
  }

  private static PriceList prices(Environment environment) {
    String file = environment.text("PRICES");
    try {
      return file == null ? PriceList.empty() : PriceFile.read(file);
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(line -> environment.fault("PRICES " + line));
      return PriceList.empty();
    }
  }

  private static @Nullable ServerCertificate certificate(Environment environment) {
    String chain = environment.text("TLS_CERT");
    String key = environment.text("TLS_KEY");
    if (chain == null && key == null) {
      return null;
    }
    if (chain == null || key == null) {
      environment.fault("TLS_CERT and TLS_KEY must be set together");
      return null;
    }
    try {
      return ServerCertificate.of(Path.of(chain), Path.of(key));
    } catch (InvalidPathException e) {
      environment.fault("TLS_CERT and TLS_KEY must be paths");
    } catch (IllegalArgumentException e) {
      environment.fault(String.valueOf(e.getMessage()));
    }
    return null;
  }

  private static ConnectionLimits connections(Environment environment) {
    ConnectionLimits byDefault = ConnectionLimits.ofProcess();
    int all = environment.integer("MAX_CONNECTIONS", byDefault.all(), 10, 100_000);
    return ConnectionLimits.of(all);
  }

  private static SenderRates rates(Environment environment) {
    return new SenderRates(
        rate(environment, "REQUESTS_PER_SECOND"),
        rate(environment, "EVENTS_PER_SECOND"),
        environment.text("REDIS_URL") != null || environment.text("REDIS_URL_FILE") != null);
  }

  private static @Nullable Integer rate(Environment environment, String name) {
    return environment.text(name) == null ? null : environment.integer(name, 1, 1, MAX_RATE);
  }

  private static @Nullable Integer metricsPort(Environment environment) {
    return environment.text("METRICS_PORT") == null
        ? null
        : environment.integer("METRICS_PORT", 0, 0, 65_535);
  }

  private static Path dataDir(Environment environment) {
    try {
      return Path.of(environment.text("DATA_DIR", "./telemetry-data")).normalize();
    } catch (InvalidPathException e) {
      environment.fault("DATA_DIR must be a path");
      return Path.of("telemetry-data");
    }
  }

  private static boolean isLoopback(String host, Environment environment) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      environment.fault("HOST must be an address of this machine or a name that resolves to one");
      return true;
    }
  }
}
