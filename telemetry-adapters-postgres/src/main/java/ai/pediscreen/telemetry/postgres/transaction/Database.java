package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.connect.ConnectionPools;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.SessionProperties;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Properties;
import java.util.UUID;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
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
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Null for connections of another's pool. */
  private final @Nullable ConnectionPools pools;

  private final ConnectionFactory appending;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Jdbi computing;
  private final Jdbi exporting;
  private final @Nullable InstantSource clock;

  /**
   * With pools of its own.
   *
   * @param clock what says the time; null for the database's own clock
   */
  public Database(
      ConnectionParameters parameters, ConnectionPools pools, @Nullable InstantSource clock) {
    this.clock = clock;
    this.pools = pools;
    this.appending = pools.appending();
    this.writing = jdbi(pools.writing());
    this.reading = jdbi(pools.reading());
    this.computing = jdbi(pools.computing());
    Properties export = SessionProperties.exportProperties(parameters);
    this.exporting =
        jdbi(() -> DriverManager.getConnection(SessionProperties.urlOf(parameters), export));
  }

  /**
   * With connections of another's pool.
   *
   * @param silenceLimit a session that computes a day and is silent for so long is ended
   * @param clock what says the time; null for the database's own clock
   */
  public Database(Connector connections, Duration silenceLimit, @Nullable InstantSource clock) {
    this.clock = clock;
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
                    SessionProperties.dayOptions(silenceLimit),
                    SessionProperties.DAY_SOCKET_TIMEOUT));
    this.exporting =
        jdbi(
            () ->
                connections.open(
                    SessionProperties.EXPORT_OPTIONS,
                    SessionProperties.EXPORT_STATEMENT_TIMEOUT.plus(
                        SessionProperties.SOCKET_TIMEOUT)));
  }

  /** What is done within one transaction. */
  public interface Work<T> {
    T run(Handle handle) throws SQLException;
  }

  /** What is done with a connection in autocommit mode: what is sent together is a transaction. */
  public interface Append<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Appends events on a connection in autocommit mode, so that the commit needs no extra round
   * trip.
   */
  public <T> T append(Append<T> work) {
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
  public <T> T write(Work<T> work) {
    return inTransaction(writing, work);
  }

  /** Runs one transaction that writes and may take minutes. */
  public <T> T maintain(Work<T> work) {
    return inTransaction(computing, work);
  }

  /**
   * Runs one transaction that sees a single state of the database and changes nothing.
   *
   * @param org whose rows can be seen, whatever the statements ask for
   */
  public <T> T read(OrgFilter org, Work<T> work) {
    return inTransaction(
        reading,
        handle -> {
          holdEventsStill(handle);
          TenantRole.assumeToRead(handle, org);
          return work.run(handle);
        });
  }

  /**
   * Keeps events where they are until the end of the transaction. Whatever reads table {@code
   * event} must do this first: partitions are not part of a snapshot, so a statement that was begun
   * before a move ends would find the events in neither partition, the new one or the default one.
   */
  public static void holdEventsStill(Handle handle) {
    handle.execute("LOCK TABLE event_default IN ACCESS SHARE MODE");
  }

  /**
   * Runs statements, each its own transaction unless the work begins one, on one session, whose
   * advisory locks are released at the end. Its timeout is minutes, not seconds.
   */
  public <T> T inOwnSession(Work<T> work) {
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
  public Session openSession() {
    return SqlFailures.translated(() -> new Session(exporting.open()));
  }

  /** A connection, and the advisory locks that go with it. Used by one thread. */
  public static final class Session implements AutoCloseable {
    private final Handle handle;

    private Session(Handle handle) {
      this.handle = handle;
    }

    /** Runs statements, each its own transaction unless the work begins one. */
    public <T> T run(Work<T> work) {
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

  /** The time that all servers agree on; it advances within a long transaction too. */
  public Instant now(Handle handle) {
    Instant given = givenTime();
    return given != null ? given : ownTime(handle);
  }

  /** The time that a test has set; null where the database's own clock says it. */
  public @Nullable Instant givenTime() {
    return clock == null ? null : clock.instant();
  }

  /** What the database's own clock says. */
  public static Instant ownTime(Handle handle) {
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
    jdbi.registerArrayType(UUID.class, "uuid");
    return jdbi;
  }

  /** In the isolation level of the pool: setting it here would cost six round trips. */
  private static <T> T inTransaction(Jdbi jdbi, Work<T> work) {
    return SqlFailures.translated(() -> jdbi.inTransaction(work::run));
  }
}
