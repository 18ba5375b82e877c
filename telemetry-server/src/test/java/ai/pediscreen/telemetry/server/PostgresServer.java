package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.TelemetryServer;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import ai.pediscreen.telemetry.server.http.SettableClock;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The whole server, wired as {@link Main} wires it, over a fresh database of the one PostgreSQL
 * that these tests share.
 */
final class PostgresServer implements ServerUnderTest {

  /** Where the programs of PostgreSQL are unpacked for the tests of this build. */
  static final Path PROGRAMS = Path.of("target", "postgresql-for-tests").toAbsolutePath();

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
  private final ServerConfig config;
  private TelemetryServer server;

  private PostgresServer(ServerConfig config) {
    this.config = config;
    this.server = TelemetryServer.start(config, clock);
  }

  /** Stops the server, until it is restarted. */
  void stop() {
    server.close();
  }

  /** Stops the server and starts it again at another time, over the same database. */
  void restartAt(Instant instant) {
    server.close();
    clock.set(instant);
    server = TelemetryServer.start(config, clock);
  }

  static PostgresServer start() {
    return start(Map.of());
  }

  /**
   * With settings beside those that every server here has, or in their place. Its tables are in
   * another schema than those of all other tests, so that what runs here runs with it set.
   */
  static PostgresServer start(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("DATABASE_SCHEMA", Migrated.SCHEMA);
    return start(Migrated.copy(), all);
  }

  /** Over a database that another server may use too. */
  static PostgresServer start(String databaseUrl, Map<String, String> settings) {
    Map<String, String> variables = settings(databaseUrl);
    variables.putAll(settings);
    return new PostgresServer(ServerConfig.of(variables));
  }

  /** Settings of a server over a database of its own, which is empty; more may be added. */
  static Map<String, String> newDatabase() {
    return settings(freshDatabase());
  }

  private static Map<String, String> settings(String databaseUrl) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PORT", "0");
    settings.put("DATABASE_URL", databaseUrl);
    settings.put("PRICES", ServerUnderTest.PRICES);
    return settings;
  }

  /** One that requires keys, and lets the pages of one origin call. */
  static PostgresServer startWithKeys() {
    return start(Map.of("AUTH", "required", "CORS_ORIGINS", "https://pediscreen.example"));
  }

  /** Makes a database and returns its URL. */
  static String freshDatabase() {
    return database("");
  }

  private static String database(String copied) {
    String database = "server_" + DATABASES.incrementAndGet();
    Shared.execute(
        "CREATE DATABASE %s OWNER %s %s".formatted(database, Shared.POSTGRES.username(), copied));
    Shared.execute("ALTER DATABASE " + database + " SET timezone = 'Asia/Kolkata'");
    Shared.execute("ALTER DATABASE " + database + " SET search_path = others, public");
    String url = Shared.POSTGRES.jdbcUrl().replaceFirst("^jdbc:postgresql://", "");
    return "postgresql+asyncpg://%s:%s@%s"
        .formatted(
            Shared.POSTGRES.username(),
            Shared.POSTGRES.password(),
            url.replaceFirst("/postgres$", "/" + database));
  }

  /** What {@code DATABASE_URL} is for a server that uses a PostgreSQL of a test's own. */
  static String url(EmbeddedPostgres postgres) {
    return postgres
        .jdbcUrl()
        .replaceFirst(
            "^jdbc:postgresql://",
            "postgresql://%s:%s@".formatted(postgres.username(), postgres.password()));
  }

  /** A session of a test beside the server's. */
  static Connection connect(String databaseUrl) throws SQLException {
    DatabaseUrl parsed = DatabaseUrl.parse(databaseUrl);
    return DriverManager.getConnection(parsed.jdbcUrl(), parsed.user(), parsed.password());
  }

  /** As the administrator of the PostgreSQL that these tests share. */
  static void execute(String sql) {
    Shared.execute(sql);
  }

  /** Where metrics are answered, if that is a port of its own. */
  URI metricsUri() {
    return URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics");
  }

  @Override
  public KeyStore keys() {
    return server.keys();
  }

  @Override
  public List<String> routes() {
    return server.routes();
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  @Override
  public void close() {
    server.close();
  }

  /**
   * A database with the tables and nothing in them. To copy it is quicker than to make them, and
   * the next copy is made while a test runs.
   */
  private static final class Migrated {
    static final String SCHEMA = "order";
    private static final String NAME = "migrated";
    private static CompletableFuture<String> next;

    static {
      Shared.execute("CREATE DATABASE " + NAME + " OWNER " + Shared.POSTGRES.username());
      PostgresTelemetry.open(
              PostgresSettings.of(
                      Shared.POSTGRES.jdbcUrl().replaceFirst("/postgres$", "/" + NAME),
                      Shared.POSTGRES.username(),
                      Shared.POSTGRES.password())
                  .withSchema(SCHEMA),
              Duration.ofSeconds(10))
          .close();
      next = makeCopy();
    }

    static synchronized String copy() {
      String ready = next.join();
      next = makeCopy();
      return ready;
    }

    private static CompletableFuture<String> makeCopy() {
      return CompletableFuture.supplyAsync(() -> database("TEMPLATE " + NAME));
    }
  }

  private static final class Shared {
    static final EmbeddedPostgres POSTGRES = startPostgres();
    private static final Connection ADMINISTRATOR = connect();

    static {
      // Of hundreds of databases it would visit one after the other, without a pause.
      execute("ALTER SYSTEM SET autovacuum = off");
      execute("SELECT pg_reload_conf()");
    }

    static synchronized void execute(String sql) {
      try (Statement statement = ADMINISTRATOR.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Connection connect() {
      EmbeddedPostgres.Access access = POSTGRES.administrator();
      try {
        return DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static EmbeddedPostgres startPostgres() {
      try {
        Path directory = Files.createTempDirectory("telemetry-server-it");
        EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, PROGRAMS);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, directory)));
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Hundreds of databases are many files: the end of the tests does not wait for them to go. */
    private static void end(EmbeddedPostgres postgres, Path directory) {
      postgres.close();
      try {
        new ProcessBuilder("rm", "-r", directory.toString()).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
