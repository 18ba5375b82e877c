package ai.pediscreen.telemetry.postgres;

import static java.util.Objects.requireNonNull;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fresh database on the one PostgreSQL that all tests of this module share. Its sessions are in
 * another time zone than UTC and than the JVM, and look for tables in a schema of others, so that
 * whatever leaves the zone or the schema to chance fails.
 */
public final class TestDatabase {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Few partitions, so that a fresh database is quick; older events go to the default one. */
  public static final int RETENTION_DAYS = 30;

  private final String jdbcUrl;

  private TestDatabase(String jdbcUrl) {
    this.jdbcUrl = jdbcUrl;
  }

  /** With the schema as it is now, and no rows. */
  public static TestDatabase create() {
    return copyOf(Migrated.NAME);
  }

  /** With nothing in it. */
  public static TestDatabase createEmpty() {
    return copyOf("template1");
  }

  private static TestDatabase copyOf(String template) {
    String name = "telemetry_" + DATABASES.incrementAndGet();
    TestDatabase admin = of("postgres");
    admin.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
    admin.execute("ALTER DATABASE " + name + " SET timezone = 'Asia/Kolkata'");
    admin.execute("ALTER DATABASE " + name + " SET search_path = others, public");
    return of(name);
  }

  private static TestDatabase of(String name) {
    return new TestDatabase(Shared.POSTGRES.getJdbcUrl("postgres", name));
  }

  public PostgresTelemetry open(InstantSource clock) {
    return PostgresTelemetry.open(settings(clock), Duration.ZERO);
  }

  /** With rollups that change only when a test folds. */
  public PostgresTelemetry openWithoutFolding(InstantSource clock) {
    return openWithoutFolding(settings(clock));
  }

  /** As {@link #openWithoutFolding(InstantSource)}, with other settings. */
  public static PostgresTelemetry openWithoutFolding(PostgresSettings settings) {
    return PostgresTelemetry.open(settings, Duration.ZERO, false);
  }

  /** Adds what is pending to the rollups. */
  public static void fold(PostgresTelemetry telemetry) {
    telemetry.fold();
  }

  public PostgresSettings settings(InstantSource clock) {
    return settings(clock, null);
  }

  /** As another user than the superuser. */
  public PostgresSettings settings(InstantSource clock, @Nullable String user) {
    return PostgresSettings.of(
            user == null ? jdbcUrl : jdbcUrl.replace("user=postgres", "user=" + user), null, null)
        .withRetentionDays(RETENTION_DAYS)
        .withClock(clock);
  }

  /** Removes all rows and keeps the partitions, which take seconds to make. */
  public void clear() {
    execute(
        "TRUNCATE event, event_ledger, usage_pending, usage_scope, usage_rollup, label_rollup,"
            + " late_day, retention_clock,"
            + " computed_day, daily_aggregate, drift_record, daily_distribution, drift_baseline,"
            + " access_key, export_outbox, export_dead_letter, exported_day, export_stream,"
            + " alert, alert_message, alert_delivery, alert_clock,"
            + " erasure, erasure_key, legal_hold;"
            + " INSERT INTO export_stream DEFAULT VALUES; INSERT INTO alert_clock DEFAULT VALUES");
  }

  /** Makes the ledger what it was before version 36; functions of that version stay. */
  public void widenLedger() {
    execute(
        """
        ALTER TABLE event_ledger DROP CONSTRAINT event_ledger_pkey;
        ALTER TABLE event_ledger RENAME COLUMN key TO event_id;
        ALTER TABLE event_ledger ALTER COLUMN event_id TYPE text COLLATE "C";
        UPDATE event_ledger AS ledger SET event_id = event.event_id
        FROM event
        WHERE CAST(ledger.event_id AS uuid) = CASE WHEN event.erased
          THEN CAST(substr(event.event_id, 8) AS uuid)
          ELSE ledger_key(event.org_id, event.event_id) END;
        ALTER TABLE event_ledger ADD PRIMARY KEY (org_id, event_id)
        """);
  }

  /** Runs what the resource of this name holds, in the state in which a dump expects a session. */
  public void restore(String resource) {
    try (InputStream stream = requireNonNull(TestDatabase.class.getResourceAsStream(resource));
        Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** A session of a test's own, in our schema. */
  public Connection connect() {
    return connect(PostgresSettings.DEFAULT_SCHEMA);
  }

  /** A session in another schema. */
  public Connection connect(String schema) {
    try {
      return DriverManager.getConnection(jdbcUrl + "&currentSchema=" + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The only value of the only row. */
  public String value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Returns once a condition is true; for tests with a time limit. */
  public void await(String condition) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      while (true) {
        try (var rows = statement.executeQuery("SELECT " + condition)) {
          rows.next();
          if (rows.getBoolean(1)) {
            return;
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(condition, e);
    }
  }

  /** Migrated once, to be copied: that takes a tenth of the time. */
  private static final class Migrated {
    static final String NAME = make("migrated");

    private static String make(String name) {
      of("postgres").execute("CREATE DATABASE " + name);
      of(name).openWithoutFolding(InstantSource.system()).close();
      return name;
    }
  }

  private static final class Shared {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_locks_per_transaction", "512")
            .setServerConfig("max_connections", "200")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
