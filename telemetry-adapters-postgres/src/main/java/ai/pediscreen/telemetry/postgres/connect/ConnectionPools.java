package ai.pediscreen.telemetry.postgres.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** Connection pools, one for each kind of work, so that no kind can starve another. */
public final class ConnectionPools implements AutoCloseable {

  /**
   * Four days at once, a fold, an erasure, maintenance that holds two while it drops a day, indexes
   * of days that are over, alerts, and events that are queued for export again.
   */
  private static final int PATIENT = 11;

  /** Two groups in progress, and one that is retried. */
  private static final int APPENDERS = 3;

  /** For what is written within a request, partitions that an append makes, and keys. */
  private static final int WRITERS = 4;

  /** A connection that computed a day and has no other to compute is given back after this. */
  private static final Duration DAY_CONNECTION_IDLE = Duration.ofSeconds(15);

  private static final Duration DAY_CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** In the order in which they are closed. */
  private final List<HikariDataSource> pools = new ArrayList<>();

  private final ConnectionParameters parameters;
  private final int readers;
  private final Duration silenceLimit;
  private final @Nullable Object metrics;

  /**
   * @param readers how many questions are answered at once
   * @param silenceLimit a session that computes a day and is silent for so long is ended
   * @param metrics the registry of Micrometer that counts the pools; null for none
   */
  public ConnectionPools(
      ConnectionParameters parameters,
      int readers,
      Duration silenceLimit,
      @Nullable Object metrics) {
    this.parameters = parameters;
    this.readers = readers;
    this.silenceLimit = silenceLimit;
    this.metrics = metrics;
  }

  public ConnectionFactory appending() {
    return kept(appendPool());
  }

  public ConnectionFactory writing() {
    return kept(pool("telemetry-write", WRITERS, false));
  }

  public ConnectionFactory reading() {
    return kept(pool("telemetry-read", readers, true));
  }

  public ConnectionFactory computing() {
    return kept(dayPool());
  }

  private ConnectionFactory kept(HikariDataSource pool) {
    pools.add(0, pool);
    return pool::getConnection;
  }

  private HikariDataSource appendPool() {
    Properties properties =
        SessionProperties.connectionProperties(
            parameters,
            SessionProperties.SOCKET_TIMEOUT,
            SessionProperties.SHORT_TIMEOUTS + SessionProperties.ONE_PLAN);
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    HikariConfig config = config("telemetry-append", properties);
    config.setMaximumPoolSize(APPENDERS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(SessionProperties.CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private HikariDataSource pool(String name, int size, boolean readOnly) {
    Properties properties =
        SessionProperties.connectionProperties(
            parameters,
            SessionProperties.SOCKET_TIMEOUT,
            SessionProperties.sessionOptions(readOnly));
    HikariConfig config = config(name, properties);
    config.setMaximumPoolSize(size);
    config.setReadOnly(readOnly);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(SessionProperties.CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private HikariDataSource dayPool() {
    Properties properties =
        SessionProperties.connectionProperties(
            parameters,
            SessionProperties.DAY_SOCKET_TIMEOUT,
            SessionProperties.dayOptions(silenceLimit));
    HikariConfig config = config("telemetry-days", properties);
    config.setMaximumPoolSize(PATIENT);
    config.setMinimumIdle(0);
    config.setIdleTimeout(DAY_CONNECTION_IDLE.toMillis());
    config.setConnectionTimeout(DAY_CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private HikariConfig config(String name, Properties properties) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(SessionProperties.urlOf(parameters));
    config.setDataSourceProperties(properties);
    config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new UselessConnections(this::makeConnectionsAnew));
    if (metrics != null) {
      config.setMetricRegistry(metrics);
    }
    return config;
  }

  /** All of them reached the same server, which cannot be used. Those in use go when given back. */
  private void makeConnectionsAnew() {
    for (HikariDataSource pool : pools) {
      HikariPoolMXBean connections = pool.getHikariPoolMXBean();
      if (connections != null) {
        connections.softEvictConnections();
      }
    }
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
  }
}
