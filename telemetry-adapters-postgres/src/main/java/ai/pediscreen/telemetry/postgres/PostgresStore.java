package ai.pediscreen.telemetry.postgres;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.TelemetryStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.postgres.connect.BorrowedConnections;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.SessionProperties;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Keeps what a {@code Telemetry} records in PostgreSQL 15 or newer, in a schema of its own, over
 * connections that the program has anyway or over pools of its own. The program's tables, its own
 * migrations and its {@code search_path} do not matter.
 *
 * <p>Of a {@link DataSource} at most four connections are in use at once, unless said otherwise: by
 * the threads that store events, the one that folds them into rollups, maintenance, and questions.
 * Their sessions get settings of ours for as long as that takes, and their own again when they are
 * given back; the pool itself stays open. That costs two more trips for each use.
 *
 * <p>Thread-safe.
 */
public final class PostgresStore implements TelemetryStore {

  private final PostgresTelemetry telemetry;
  private final boolean exporting;

  private PostgresStore(PostgresTelemetry telemetry, boolean exporting) {
    this.telemetry = telemetry;
    this.exporting = exporting;
  }

  /**
   * Opens one over a pool of the program's, whatever pool that is.
   *
   * @throws StoreUnavailableException if the database cannot be reached, or its schema not be made
   *     or brought up to date
   */
  public static PostgresStore of(DataSource dataSource) {
    return builder(dataSource).open();
  }

  /**
   * Opens one with pools of its own.
   *
   * @param patience how long a database that does not answer yet is waited for
   * @throws StoreUnavailableException as {@link PostgresTelemetry#open} does
   */
  public static PostgresStore of(PostgresSettings settings, Duration patience) {
    return new PostgresStore(PostgresTelemetry.open(settings, patience), settings.exporting());
  }

  /** Begins the settings of one over a pool of the program's. */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /** Everything else that PostgreSQL keeps: events as they came, baselines, keys and more. */
  public PostgresTelemetry telemetry() {
    return telemetry;
  }

  @Override
  public EventStore events() {
    return telemetry.events();
  }

  @Override
  public Optional<UsageQueries> usage() {
    return Optional.of(telemetry.usage());
  }

  @Override
  public Optional<DailyAggregateStore> days() {
    return Optional.of(telemetry.days());
  }

  @Override
  public Optional<ExportQueue> exports() {
    return exporting ? Optional.of(telemetry.exports()) : Optional.empty();
  }

  @Override
  public void maintain() {
    telemetry.maintenance().run();
  }

  @Override
  public void close() {
    telemetry.close();
  }

  /** Settings of a store over a pool. Not safe for use by several threads at once. */
  public static final class Builder {

    /** Migrations use two at once, and others may be in use. */
    private static final int FEWEST_CONNECTIONS = 3;

    private static final int MOST_CONNECTIONS = 64;
    private static final int DEFAULT_CONNECTIONS = 4;

    /** What every session of ours is to have, whatever the pool has made of it. */
    private static final String ALWAYS =
        "-c default_transaction_read_only=off -c default_transaction_isolation=read\\ committed ";

    private final DataSource dataSource;
    private PostgresSettings settings = PostgresSettings.of("jdbc:postgresql:", null, null);
    private int connections = DEFAULT_CONNECTIONS;

    private Builder(DataSource dataSource) {
      this.dataSource = requireNonNull(dataSource, "dataSource");
    }

    /**
     * Where all tables are; {@link PostgresSettings#DEFAULT_SCHEMA} if not set. Not {@code public},
     * where the program's own migrations may keep their history.
     */
    public Builder schema(String value) {
      if (requireNonNull(value, "schema").equals("public")) {
        throw new IllegalArgumentException(
            "schema must not be public, where migrations of the program may have their history");
      }
      settings = settings.withSchema(value);
      return this;
    }

    /** How long raw events are kept, in days; 400 if not set. */
    public Builder retentionDays(int value) {
      settings = settings.withRetentionDays(value);
      return this;
    }

    /** What is watched for drift beside the latency. */
    public Builder drift(DriftSettings value) {
      settings = settings.withDrift(value);
      return this;
    }

    /**
     * Queues what is stored for export, which uses one connection while this program has the lease.
     * Without an exporter the queue grows.
     */
    public Builder exporting() {
      settings = settings.withExporting(true);
      return this;
    }

    /** How many connections may be in use at once, 3 to 64; 4 if not set. */
    public Builder connections(int value) {
      if (value < FEWEST_CONNECTIONS || value > MOST_CONNECTIONS) {
        throw new IllegalArgumentException(
            "connections must be between %d and %d but is %d"
                .formatted(FEWEST_CONNECTIONS, MOST_CONNECTIONS, value));
      }
      connections = value;
      return this;
    }

    /**
     * Opens it.
     *
     * @throws StoreUnavailableException if the database cannot be reached, or its schema not be
     *     made or brought up to date
     */
    public PostgresStore open() {
      requireTwoConnections();
      Connector borrowed =
          new BorrowedConnections(
              dataSource, ALWAYS + SessionProperties.searchPath(settings.schema()), connections);
      return new PostgresStore(PostgresTelemetry.open(settings, borrowed), settings.exporting());
    }

    private void requireTwoConnections() {
      try {
        Connection first = dataSource.getConnection();
        try {
          requireAnother();
        } finally {
          first.close();
        }
      } catch (SQLException e) {
        throw new StoreUnavailableException("the pool has no connection to the database", e);
      }
    }

    /** Migrations use two at once, and would wait for the second for as long as the pool says. */
    private void requireAnother() {
      try {
        dataSource.getConnection().close();
      } catch (SQLException e) {
        throw new StoreUnavailableException(
            "the pool must have at least 2 connections, but gave only one", e);
      }
    }
  }
}
