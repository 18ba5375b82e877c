package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions of each kind, on connections of their own: events that are appended, other writes,
 * questions, what takes minutes, and export.
 *
 * <p>Every wait is bounded: a database that is stopped or cut off shows as {@link
 * StoreUnavailableException} within {@link SessionProperties#SOCKET_TIMEOUT}, or for days within
 * {@link SessionProperties#DAY_SOCKET_TIMEOUT}, never as a thread that hangs.
 */
final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Class of SQLSTATE: connection exception. */
  private static final String UNREACHABLE = "08";

  /** SQLSTATE cannot_connect_now. */
  private static final String STARTING_UP = "57P03";

  /** Tables are moved, for which those who read them are waited for. */
  private static final Duration PREPARATION_TIMEOUT = Duration.ofMinutes(1);

  private static final Duration CONNECT_PAUSE = Duration.ofMillis(250);

  /** Null for connections of another's pool. */
  private final @Nullable ConnectionPools pools;

  private final ConnectionFactory appending;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Jdbi computing;
  private final Jdbi exporting;
  private final @Nullable InstantSource clock;

  /** With pools of its own. */
  Database(PostgresSettings settings) {
    this.clock = settings.clock();
    this.pools = new ConnectionPools(settings);
    this.appending = pools.appending();
    this.writing = jdbi(pools.writing());
    this.reading = jdbi(pools.reading());
    this.computing = jdbi(pools.computing());
    Properties export = SessionProperties.exportProperties(settings);
    this.exporting =
        jdbi(() -> DriverManager.getConnection(SessionProperties.urlOf(settings), export));
  }

  /** With connections of another's pool. */
  Database(PostgresSettings settings, Connector connections) {
    this.clock = settings.clock();
    this.pools = null;
    this.appending =
        () ->
            connections.open(
                SessionProperties.SHORT_TIMEOUTS + SessionProperties.ONE_PLAN,
                SessionProperties.SOCKET_TIMEOUT);
    this.writing =
        jdbi(
            () ->
                connections.open(
                    SessionProperties.sessionOptions(false), SessionProperties.SOCKET_TIMEOUT));
    this.reading =
        jdbi(
            () ->
                connections.open(
                    SessionProperties.sessionOptions(true) + " -c default_transaction_read_only=on",
                    SessionProperties.SOCKET_TIMEOUT));
    this.computing =
        jdbi(
            () ->
                connections.open(
                    SessionProperties.dayOptions(settings), SessionProperties.DAY_SOCKET_TIMEOUT));
    this.exporting =
        jdbi(
            () ->
                connections.open(
                    SessionProperties.EXPORT_OPTIONS,
                    SessionProperties.EXPORT_STATEMENT_TIMEOUT.plus(
                        SessionProperties.SOCKET_TIMEOUT)));
  }

  /** Connections of their own, before there is a pool. */
  static Connector connector(PostgresSettings settings) {
    return (options, socketTimeout) ->
        DriverManager.getConnection(
            SessionProperties.urlOf(settings),
            SessionProperties.startProperties(settings, socketTimeout, options));
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
    Properties properties =
        SessionProperties.startProperties(settings, SessionProperties.SOCKET_TIMEOUT, "");
    for (boolean first = true; ; first = false) {
      try {
        DriverManager.getConnection(SessionProperties.urlOf(settings), properties).close();
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
   * Appends events on a connection in autocommit mode, so that the commit needs no extra round
   * trip.
   */
  <T> T append(Append<T> work) {
    return SqlFailures.translated(
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
   * advisory locks are released at the end. Its timeout is minutes, not seconds.
   */
  <T> T inOwnSession(Work<T> work) {
    return SqlFailures.translated(
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
   * Opens a session that is its caller's until closed. The database ends it after a minute of
   * silence.
   */
  Session openSession() {
    return SqlFailures.translated(() -> new Session(exporting.open()));
  }

  /** A connection, and the advisory locks that go with it. Used by one thread. */
  static final class Session implements AutoCloseable {
    private final Handle handle;

    private Session(Handle handle) {
      this.handle = handle;
    }

    /** Runs statements, each its own transaction unless the work begins one. */
    <T> T run(Work<T> work) {
      return SqlFailures.translated(() -> work.run(handle));
    }

    @Override
    public void close() {
      try {
        handle.close();
      } catch (JdbiException e) {
        LOG.debug("a session ended with an error; its connection is gone", e);
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

  /** Its pool replaces it. */
  private static void cutOff(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("a session could not be aborted; it ends with its connection", e);
    }
  }

  /**
   * Runs one transaction on a connection of its own, without a pool, that sees a single state of
   * the database and can change nothing.
   */
  static <T> T inspect(PostgresSettings settings, Work<T> work) {
    Properties properties = SessionProperties.inspectionProperties(settings);
    return SqlFailures.translated(
        () -> {
          try (Connection connection =
                  DriverManager.getConnection(SessionProperties.urlOf(settings), properties);
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
    return SqlFailures.translated(
        () -> {
          try (Connection connection = connections.open("", PREPARATION_TIMEOUT);
              Handle handle = Jdbi.open(connection)) {
            return handle.inTransaction(work::run);
          }
        });
  }

  /** The time that all servers agree on; it advances within a long transaction too. */
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

  @Override
  public void close() {
    if (pools != null) {
      pools.close();
    }
  }

  private static Jdbi jdbi(ConnectionFactory connections) {
    Jdbi jdbi = Jdbi.create(connections);
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(BigDecimal.class, "numeric");
    return jdbi;
  }

  /** In the isolation level of the pool: setting it here would cost six round trips. */
  private static <T> T inTransaction(Jdbi jdbi, Work<T> work) {
    return SqlFailures.translated(() -> jdbi.inTransaction(work::run));
  }
}
