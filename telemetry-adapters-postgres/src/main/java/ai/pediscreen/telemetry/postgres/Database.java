package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool to append events, one for other writes, one to read and one for what takes minutes, so
 * that none can keep another from its work, and the one place where exceptions of JDBC become ours.
 *
 * <p>Every wait is bounded: a database that is stopped or cut off shows as {@link
 * StoreUnavailableException} within {@link #SOCKET_TIMEOUT}, or for days within {@link
 * #DAY_SOCKET_TIMEOUT}, never as a thread that hangs.
 */
final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Class of SQLSTATE: connection exception. */
  private static final String UNREACHABLE = "08";

  /** SQLSTATE cannot_connect_now. */
  private static final String STARTING_UP = "57P03";

  private static final Duration CONNECT_PAUSE = Duration.ofMillis(250);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);

  /** A machine on which somebody looks for what is wrong may be a busy one. */
  private static final Duration INSPECTION_TIMEOUT = Duration.ofSeconds(8);

  /** Tables are moved, for which those who read them are waited for. */
  private static final Duration PREPARATION_TIMEOUT = Duration.ofMinutes(1);

  /** A day of millions of events is read, or the turn of another server waited for. */
  private static final Duration DAY_STATEMENT_TIMEOUT = Duration.ofMinutes(5);

  private static final Duration DAY_SOCKET_TIMEOUT = DAY_STATEMENT_TIMEOUT.plusSeconds(10);
  private static final Duration DAY_CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** A connection that computed a day and has no other to compute is given back after this. */
  private static final Duration DAY_CONNECTION_IDLE = Duration.ofSeconds(15);

  /** Four days at once, a fold, maintenance, and an erasure. */
  private static final int PATIENT = 7;

  /** Some hundred events are read, from partitions that may be cold. */
  private static final Duration EXPORT_STATEMENT_TIMEOUT = Duration.ofSeconds(30);

  /** A program that is stopped while it exports loses its turn to others after this. */
  private static final Duration EXPORT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** Two groups under way, and one that tries again. */
  private static final int APPENDERS = 3;

  /** One to fold with, one for maintenance, two to look keys up. */
  private static final int WRITERS = 4;

  /** In the order in which they are closed; empty for connections of another's pool. */
  private final List<HikariDataSource> pools = new ArrayList<>();

  private final ConnectionFactory appending;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Jdbi computing;
  private final Jdbi exporting;
  private final @Nullable InstantSource clock;

  /** With pools of its own. */
  Database(PostgresSettings settings) {
    this.clock = settings.clock();
    this.appending = kept(appendPool(settings))::getConnection;
    this.writing = jdbi(kept(pool(settings, "telemetry-write", WRITERS, false))::getConnection);
    this.reading =
        jdbi(kept(pool(settings, "telemetry-read", settings.readers(), true))::getConnection);
    this.computing = jdbi(kept(dayPool(settings))::getConnection);
    Properties export = exportProperties(settings);
    this.exporting = jdbi(() -> DriverManager.getConnection(urlOf(settings), export));
  }

  /** With connections of another's pool. */
  Database(PostgresSettings settings, Connector connections) {
    this.clock = settings.clock();
    this.appending = () -> connections.open(SHORT_TIMEOUTS + ONE_PLAN, SOCKET_TIMEOUT);
    this.writing = jdbi(() -> connections.open(sessionOptions(false), SOCKET_TIMEOUT));
    this.reading =
        jdbi(
            () ->
                connections.open(
                    sessionOptions(true) + " -c default_transaction_read_only=on", SOCKET_TIMEOUT));
    this.computing = jdbi(() -> connections.open(dayOptions(settings), DAY_SOCKET_TIMEOUT));
    this.exporting =
        jdbi(() -> connections.open(EXPORT_OPTIONS, EXPORT_STATEMENT_TIMEOUT.plus(SOCKET_TIMEOUT)));
  }

  /** Connections of their own, without a pool. */
  static Connector connector(PostgresSettings settings) {
    return (options, socketTimeout) ->
        DriverManager.getConnection(
            urlOf(settings), connectionProperties(settings, socketTimeout, options));
  }

  private HikariDataSource kept(HikariDataSource pool) {
    pools.add(0, pool);
    return pool;
  }

  /**
   * Returns when the database takes a connection.
   *
   * @param patience how long one that cannot be reached is waited for; one that answers and refuses
   *     is not
   * @throws StoreUnavailableException if it cannot be reached in that time, or refuses
   */
  static void awaitReachable(PostgresSettings settings, Duration patience) {
    long start = System.nanoTime();
    Properties properties = connectionProperties(settings, SOCKET_TIMEOUT);
    for (boolean first = true; ; first = false) {
      try {
        DriverManager.getConnection(urlOf(settings), properties).close();
        return;
      } catch (SQLException e) {
        boolean refused = e.getSQLState() != null && !e.getSQLState().startsWith(UNREACHABLE);
        if ((refused && !STARTING_UP.equals(e.getSQLState()))
            || System.nanoTime() - start > patience.toNanos()) {
          throw new StoreUnavailableException("cannot connect to the database", e);
        }
        if (first) {
          LOG.info("waiting for the database: {}", e.getMessage());
        }
        LockSupport.parkNanos(CONNECT_PAUSE.toNanos());
      }
    }
  }

  /** What is done within one transaction. */
  interface Work<T> {
    T run(Handle handle) throws SQLException;
  }

  /** What is done with a connection that commits each statement. */
  interface Append<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Appends events on a connection that commits by itself, so that a commit is no trip of its own.
   */
  <T> T append(Append<T> work) {
    return translated(
        () -> {
          try (Connection connection = appending.openConnection()) {
            return work.run(connection);
          }
        });
  }

  /**
   * Runs one transaction that writes. Within the work of another one, on its thread, it is a part
   * of that: so Jdbi does it.
   */
  <T> T write(Work<T> work) {
    return inTransaction(writing, work);
  }

  /** Runs one transaction that writes and may take minutes. */
  <T> T maintain(Work<T> work) {
    return inTransaction(computing, work);
  }

  /**
   * Runs one transaction that sees a single state of the database and changes nothing.
   *
   * @param org whose rows can be seen, whatever the statements ask for
   */
  <T> T read(OrgScope org, Work<T> work) {
    return inTransaction(
        reading,
        handle -> {
          EventPartitions.holdStill(handle);
          TenantRole.assumeToRead(handle, org);
          return work.run(handle);
        });
  }

  /**
   * Runs statements, each its own transaction unless the work begins one, on one session, whose
   * advisory locks are let go at the end. Has minutes, not seconds.
   */
  <T> T inOwnSession(Work<T> work) {
    return translated(
        () -> {
          try (Handle handle = computing.open()) {
            try {
              return work.run(handle);
            } finally {
              unlock(handle);
            }
          }
        });
  }

  /**
   * Opens a session that is its caller's until closed. The database ends it when nothing is heard
   * of it for a minute.
   */
  Session openSession() {
    return translated(() -> new Session(exporting.open()));
  }

  /** A connection, and the advisory locks that go with it. Used by one thread. */
  static final class Session implements AutoCloseable {
    private final Handle handle;

    private Session(Handle handle) {
      this.handle = handle;
    }

    /** Runs statements, each its own transaction unless the work begins one. */
    <T> T run(Work<T> work) {
      return translated(() -> work.run(handle));
    }

    @Override
    public void close() {
      try {
        handle.close();
      } catch (JdbiException e) {
        LOG.debug("a session did not end in order, and is gone all the same", e);
      }
    }
  }

  private void unlock(Handle handle) {
    try {
      handle.execute("SELECT pg_advisory_unlock_all()");
    } catch (JdbiException e) {
      // The session is gone, and its locks with it, or it must go.
      cutOff(handle.getConnection());
    }
  }

  /** Whatever pool it is of makes another. */
  private static void cutOff(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("a session could not be cut off, and ends with its connection", e);
    }
  }

  /**
   * Runs one transaction on a connection of its own, without a pool, that sees a single state of
   * the database and can change nothing.
   */
  static <T> T inspect(PostgresSettings settings, Work<T> work) {
    Properties properties = inspectionProperties(settings);
    return translated(
        () -> {
          try (Connection connection = DriverManager.getConnection(urlOf(settings), properties);
              Handle handle = Jdbi.open(connection)) {
            return handle.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, transaction -> work.run(transaction));
          }
        });
  }

  /**
   * Runs one transaction on a connection of its own, before there are pools, and before there need
   * be a schema.
   */
  static <T> T prepare(Connector connections, Work<T> work) {
    return translated(
        () -> {
          try (Connection connection = connections.open("", PREPARATION_TIMEOUT);
              Handle handle = Jdbi.open(connection)) {
            return handle.inTransaction(work::run);
          }
        });
  }

  /** The time that all servers agree on; also within a long transaction it moves on. */
  Instant now(Handle handle) {
    Instant given = givenTime();
    return given != null ? given : ownTime(handle);
  }

  /** The time that a test has set; null where the database's own clock says it. */
  @Nullable Instant givenTime() {
    return clock == null ? null : clock.instant();
  }

  /** What the database's own clock says. */
  static Instant ownTime(Handle handle) {
    return handle
        .createQuery("SELECT clock_timestamp()")
        .mapTo(OffsetDateTime.class)
        .one()
        .toInstant();
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

  /** Where to connect to; all that decides about the schema is in the properties. */
  static String urlOf(PostgresSettings settings) {
    return PinnedUrl.of(settings.jdbcUrl()).url();
  }

  /** What JDBC needs to reach the database, with every wait bounded by the given time. */
  static Properties connectionProperties(PostgresSettings settings, Duration socketTimeout) {
    return connectionProperties(settings, socketTimeout, "");
  }

  /**
   * The same with settings of the session, in the form {@code -c name=value}. They and the schema
   * count for more than what the database, the role or the URL say.
   */
  private static Properties connectionProperties(
      PostgresSettings settings, Duration socketTimeout, String options) {
    Properties properties = new Properties();
    PGProperty.OPTIONS.set(
        properties,
        PinnedUrl.of(settings.jdbcUrl()).options(options, OwnSchema.path(settings.schema())));
    if (settings.user() != null) {
      PGProperty.USER.set(properties, settings.user());
    }
    if (settings.password() != null) {
      PGProperty.PASSWORD.set(properties, settings.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "pedi-telemetry");
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT_TIMEOUT.toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) CONNECT_TIMEOUT.toSeconds());
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) socketTimeout.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    // Details quote the values of a row.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }

  /** The same for a connection that may only read, and that is tried once. */
  static Properties inspectionProperties(PostgresSettings settings) {
    Properties properties =
        connectionProperties(settings, INSPECTION_TIMEOUT, "-c default_transaction_read_only=on");
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) INSPECTION_TIMEOUT.toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) INSPECTION_TIMEOUT.toSeconds());
    return properties;
  }

  /** A server that is stopped in the middle must not keep its locks. */
  private static final String SHORT_TIMEOUTS =
      "-c statement_timeout="
          + STATEMENT_TIMEOUT.toMillis()
          + " -c idle_in_transaction_session_timeout="
          + SOCKET_TIMEOUT.toMillis();

  /**
   * The one statement is planned once, and whatever the statistics say of a ledger that grows by
   * the second, it is to be looked up by its key.
   */
  private static final String ONE_PLAN =
      " -c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off"
          + " -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

  private HikariDataSource appendPool(PostgresSettings settings) {
    Properties properties =
        connectionProperties(settings, SOCKET_TIMEOUT, SHORT_TIMEOUTS + ONE_PLAN);
    PGProperty.PREPARE_THRESHOLD.set(properties, 1);
    HikariConfig config = config(settings, "telemetry-append", properties);
    config.setMaximumPoolSize(APPENDERS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private static String sessionOptions(boolean readOnly) {
    return SHORT_TIMEOUTS
        // A generic plan locks every partition; a custom one only those of the window.
        + " -c plan_cache_mode=force_custom_plan"
        // Each question sees one state of the database.
        + (readOnly ? " -c default_transaction_isolation=repeatable\\ read" : "");
  }

  private HikariDataSource pool(
      PostgresSettings settings, String name, int size, boolean readOnly) {
    Properties properties =
        connectionProperties(settings, SOCKET_TIMEOUT, sessionOptions(readOnly));
    HikariConfig config = config(settings, name, properties);
    config.setMaximumPoolSize(size);
    config.setReadOnly(readOnly);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private HikariDataSource dayPool(PostgresSettings settings) {
    Properties properties =
        connectionProperties(settings, DAY_SOCKET_TIMEOUT, dayOptions(settings));
    HikariConfig config = config(settings, "telemetry-days", properties);
    config.setMaximumPoolSize(PATIENT);
    config.setMinimumIdle(0);
    config.setIdleTimeout(DAY_CONNECTION_IDLE.toMillis());
    config.setConnectionTimeout(DAY_CONNECT_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  private static String dayOptions(PostgresSettings settings) {
    return "-c statement_timeout="
        + DAY_STATEMENT_TIMEOUT.toMillis()
        + " -c idle_in_transaction_session_timeout="
        + settings.silenceLimit().toMillis()
        + " -c idle_session_timeout="
        + settings.silenceLimit().toMillis()
        + " -c jit=off";
  }

  private static final String EXPORT_OPTIONS =
      "-c statement_timeout="
          + EXPORT_STATEMENT_TIMEOUT.toMillis()
          + " -c idle_in_transaction_session_timeout="
          + EXPORT_IDLE_TIMEOUT.toMillis()
          + " -c idle_session_timeout="
          + EXPORT_IDLE_TIMEOUT.toMillis()
          + " -c plan_cache_mode=force_custom_plan -c jit=off";

  private static Properties exportProperties(PostgresSettings settings) {
    return connectionProperties(
        settings, EXPORT_STATEMENT_TIMEOUT.plus(SOCKET_TIMEOUT), EXPORT_OPTIONS);
  }

  private HikariConfig config(PostgresSettings settings, String name, Properties properties) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(urlOf(settings));
    config.setDataSourceProperties(properties);
    config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new UselessConnections(this::makeConnectionsAnew));
    if (settings.poolMetrics() != null) {
      config.setMetricRegistry(settings.poolMetrics());
    }
    return config;
  }

  private static Jdbi jdbi(ConnectionFactory connections) {
    Jdbi jdbi = Jdbi.create(connections);
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(BigDecimal.class, "numeric");
    return jdbi;
  }

  /** In the isolation of the pool: to ask for one here would cost six trips. */
  private static <T> T inTransaction(Jdbi jdbi, Work<T> work) {
    return translated(() -> jdbi.inTransaction(work::run));
  }

  /** What may throw exceptions of JDBC. */
  private interface Jdbc<T> {
    T run() throws SQLException;
  }

  private static <T> T translated(Jdbc<T> jdbc) {
    try {
      return jdbc.run();
    } catch (JdbiException | SQLException e) {
      // The message of Jdbi's exception quotes the bound values, so only its cause is kept.
      SQLException cause = sqlException(e);
      if (cause == null) {
        throw new IllegalStateException("a statement is wrong: " + e.getClass().getSimpleName());
      }
      throw RefusedByDatabase.isRefusal(cause)
          ? new RefusedByDatabase(cause)
          : new StoreUnavailableException("the database is unavailable", cause);
    }
  }

  private static @Nullable SQLException sqlException(Throwable thrown) {
    Throwable next = thrown;
    while (next != null && !(next instanceof SQLException)) {
      next = next.getCause();
    }
    return (SQLException) next;
  }
}
