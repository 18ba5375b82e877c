package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.postgres.PostgresMaintenance;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.StorageConfig;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database that the settings name, or the embedded one, opened; closes in reverse. */
public final class Store implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  /** How long a database that starts beside the server may take. */
  private static final Duration DATABASE_WAIT = Duration.ofSeconds(30);

  private final @Nullable EmbeddedPostgres postgres;
  private final PostgresTelemetry telemetry;

  private Store(@Nullable EmbeddedPostgres postgres, PostgresTelemetry telemetry) {
    this.postgres = postgres;
    this.telemetry = telemetry;
  }

  /**
   * Opens it, and starts the embedded PostgreSQL if there is no other.
   *
   * @param clock says the time in tests; null for the database's
   * @param metrics where the connection pools are counted
   */
  public static Store open(ServerConfig config, @Nullable InstantSource clock, Object metrics) {
    return open(
        config,
        settings -> {
          PostgresSettings counted = settings.withPoolMetrics(metrics);
          return clock == null ? counted : counted.withClock(clock);
        });
  }

  /** Opens it for a command that counts nothing. */
  public static Store open(ServerConfig config) {
    return open(config, UnaryOperator.<PostgresSettings>identity());
  }

  /**
   * Opens it to compute days in.
   *
   * @param silenceLimit after so long another takes over what this program has begun and left
   */
  public static Store openForWorker(ServerConfig config, Duration silenceLimit) {
    return open(config, settings -> settings.withSilenceLimit(silenceLimit));
  }

  public static Store open(ServerConfig config, UnaryOperator<PostgresSettings> adjustment) {
    StorageConfig.Database database = config.storage().database();
    DatabaseUrl url = database.url();
    if (url != null) {
      return new Store(null, open(config, url, adjustment));
    }
    EmbeddedPostgres postgres = EmbeddedPostgres.start(database.directory());
    try {
      Shutdown.check();
      LOG.info("PostgreSQL runs; opening the database …");
      url = new DatabaseUrl(postgres.jdbcUrl(), postgres.username(), postgres.password());
      return new Store(postgres, open(config, url, adjustment));
    } catch (RuntimeException | Error e) {
      postgres.close();
      throw e;
    }
  }

  /**
   * Opens it beside a server that may be running: if the embedded PostgreSQL is in use, it is
   * shared for a while.
   */
  public static Store openBesideServer(ServerConfig config) {
    StorageConfig.Database database = config.storage().database();
    if (database.url() == null) {
      Optional<EmbeddedPostgres.Access> running = EmbeddedPostgres.runningIn(database.directory());
      if (running.isPresent()) {
        EmbeddedPostgres.Access access = running.get();
        return new Store(
            null,
            open(
                config,
                new DatabaseUrl(access.jdbcUrl(), access.username(), access.password()),
                UnaryOperator.identity()));
      }
    }
    return open(config);
  }

  public PostgresTelemetry telemetry() {
    return telemetry;
  }

  @Override
  public void close() {
    try {
      telemetry.close();
    } finally {
      if (postgres != null) {
        postgres.close();
      }
    }
  }

  /**
   * Brings the schema up to date as the owner of the tables, and grants the server's role what it
   * needs. Nothing of the owner's stays open.
   *
   * @param owner the database of the settings, as its owner
   */
  public static void migrate(ServerConfig config, DatabaseUrl owner, DatabaseUrl server) {
    PostgresTelemetry.migrate(settings(config, owner), settings(config, server), DATABASE_WAIT);
  }

  /** Makes, as the owner, the indexes that take a server without its rights too long. */
  public static void prepareDays(ServerConfig config, DatabaseUrl owner) {
    PostgresMaintenance.prepareDays(settings(config, owner));
  }

  private static PostgresTelemetry open(
      ServerConfig config, DatabaseUrl url, UnaryOperator<PostgresSettings> adjustment) {
    DatabaseUrl owner = config.storage().database().ownerUrl();
    if (owner != null) {
      migrate(config, owner, url);
    }
    return PostgresTelemetry.open(adjustment.apply(settings(config, url)), DATABASE_WAIT);
  }

  private static PostgresSettings settings(ServerConfig config, DatabaseUrl url) {
    StorageConfig storage = config.storage();
    return PostgresSettings.of(url.jdbcUrl(), url.user(), url.password())
        .withSchema(storage.database().schema())
        .withRetentionDays(storage.retention().eventDays())
        .withAuditDays(storage.retention().auditDays())
        .withNamesPerDay(storage.retention().namesPerDay())
        .withDrift(config.drift().watched())
        .withExporting(storage.warehouse().exporting());
  }
}
