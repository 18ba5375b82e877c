package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where data is kept, and how long. Immutable.
 *
 * @param database the database of events
 * @param retention how long and how fine its data is kept
 * @param redis the Redis whose stream takes jobs; null if they run in the server
 * @param warehouse where events are exported to
 */
public record StorageConfig(
    Database database, Retention retention, @Nullable RedisUrl redis, WarehouseConfig warehouse) {

  static final Settings SETTINGS = new Settings();

  private static final Setting<DatabaseUrl> DATABASE_URL =
      SETTINGS.secret(
          "DATABASE_URL",
          DatabaseUrl::parse,
          "`postgresql://`, `postgres://`, `postgresql+asyncpg://` or `jdbc:postgresql://`;"
              + " PostgreSQL 15 or newer. Unset: an embedded PostgreSQL");

  private static final Setting<DatabaseUrl> MIGRATE_DATABASE_URL =
      SETTINGS.secret(
          "MIGRATE_DATABASE_URL",
          DatabaseUrl::parse,
          "the same database as the owner of the tables; then the user of `DATABASE_URL` owns"
              + " nothing. Unset: that user is the owner");

  private static final Setting<String> DATABASE_SCHEMA =
      SETTINGS.withDefault(
          "DATABASE_SCHEMA",
          PostgresSettings.DEFAULT_SCHEMA,
          PostgresSettings::checkedSchema,
          "the schema that holds all tables; nothing else in the database is touched, and no"
              + " `search_path` or `currentSchema` counts. Made by the first start, which also"
              + " moves there what an earlier version kept in `public`");

  /** The directory of the embedded database. */
  public static final Setting<Path> DATA_DIR =
      SETTINGS.withDefault(
          "DATA_DIR",
          "./telemetry-data",
          text -> Forms.path(text).normalize(),
          "where the embedded PostgreSQL keeps its data; started as root, it runs as `nobody`");

  static final Setting<RedisUrl> REDIS_URL =
      SETTINGS.secret(
          "REDIS_URL",
          RedisUrl::parse,
          "`redis://` or `rediss://`, Redis 6.2 or newer. Set: days are computed by workers;"
              + " unset: by the server itself");

  /** Days that raw events are kept. */
  public static final Setting<Integer> RETENTION_DAYS =
      SETTINGS.withDefault(
          "RETENTION_DAYS",
          "400",
          Forms.integer(1, 3_650),
          "how long raw events are kept and duplicates recognised; daily counts are kept for good");

  private static final Setting<Integer> AUDIT_DAYS =
      SETTINGS.withDefault(
          "AUDIT_DAYS",
          "2190",
          Forms.integer(1, 36_500),
          "how long entries of the audit log are kept");

  private static final Setting<Integer> NAMES_PER_DAY =
      SETTINGS.withDefault(
          "NAMES_PER_DAY",
          "1000",
          Forms.integer(10, 100_000),
          "how many models of an organisation are counted by name on a UTC day, and how many error"
              + " reasons, fallbacks, adapters and providers; five times as many of all together;"
              + " the rest is counted as `other`; 10 to 100 000");

  public StorageConfig {
    requireNonNull(database, "database");
    requireNonNull(retention, "retention");
    requireNonNull(warehouse, "warehouse");
  }

  /**
   * The database of events.
   *
   * @param url where it is; null for the embedded one
   * @param ownerUrl the same database, as the owner of its tables; null if the server is it
   * @param schema where all tables are kept there
   * @param directory where the embedded one keeps its data
   */
  public record Database(
      @Nullable DatabaseUrl url, @Nullable DatabaseUrl ownerUrl, String schema, Path directory) {

    public Database {
      requireNonNull(schema, "schema");
      requireNonNull(directory, "directory");
    }

    /** Where it is, in words. */
    public String place() {
      return url == null ? "in " + directory.toAbsolutePath() : "at " + url;
    }
  }

  /**
   * How long and how fine data is kept.
   *
   * @param eventDays how many days raw events are kept
   * @param auditDays how many days entries of the audit log are kept
   * @param namesPerDay how many models, reasons, fallbacks, adapters and providers of an
   *     organisation are counted by name on a day
   */
  public record Retention(int eventDays, int auditDays, int namesPerDay) {}

  static StorageConfig read(Environment environment) {
    return new StorageConfig(
        database(environment),
        new Retention(
            environment.get(RETENTION_DAYS),
            environment.get(AUDIT_DAYS),
            environment.get(NAMES_PER_DAY)),
        environment.find(REDIS_URL),
        WarehouseConfig.read(environment));
  }

  private static Database database(Environment environment) {
    Database database =
        new Database(
            environment.find(DATABASE_URL),
            environment.find(MIGRATE_DATABASE_URL),
            environment.get(DATABASE_SCHEMA),
            environment.get(DATA_DIR));
    if (database.ownerUrl() != null && database.url() == null) {
      environment.fault(
          "MIGRATE_DATABASE_URL needs DATABASE_URL: set that to the same database as a user with"
              + " fewer rights");
    }
    return database;
  }
}
