package ai.pediscreen.telemetry.postgres.connect;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections borrowed from the program's pool. A session gets the settings it needs, and its own
 * again before it is returned; if that fails it is aborted, so that the pool replaces it. The
 * number in use at once is limited.
 *
 * @implNote Settings cost a round trip before the work and one after it, so a program with a
 *     database for telemetry alone should give a URL.
 */
public final class BorrowedConnections implements Connector {

  private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnections.class);

  /** {@code -c name=value}, where a backslash keeps a blank in the value. */
  private static final Pattern OPTION = Pattern.compile("-c ([a-z_]+)=((?:\\\\.|[^\\s\\\\])*)");

  private static final Duration TURN = Duration.ofSeconds(5);

  private final DataSource pool;
  private final String always;
  private final Semaphore permits;

  /**
   * @param always settings of every session, in the form of {@code options}
   * @param most how many connections may be in use at once
   */
  public BorrowedConnections(DataSource pool, String always, int most) {
    this.pool = pool;
    this.always = always;
    this.permits = new Semaphore(most, true);
  }

  @Override
  public Connection open(String options, Duration socketTimeout) throws SQLException {
    awaitPermit(socketTimeout);
    Connection connection = null;
    try {
      connection = pool.getConnection();
      Loan loan = new Loan(connection, settings(always + " " + options), socketTimeout);
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, loan);
    } catch (SQLException | RuntimeException | Error e) {
      permits.release();
      if (connection != null) {
        abandon(connection);
      }
      throw e;
    }
  }

  private void awaitPermit(Duration socketTimeout) throws SQLException {
    Duration longest = socketTimeout.compareTo(TURN) > 0 ? socketTimeout : TURN;
    try {
      if (!permits.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientConnectionException("all connections for telemetry are in use");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted", e);
    }
  }

  static Map<String, String> settings(String options) {
    Map<String, String> settings = new LinkedHashMap<>();
    Matcher matcher = OPTION.matcher(options);
    while (matcher.find()) {
      settings.put(matcher.group(1), matcher.group(2).replaceAll("\\\\(.)", "$1"));
    }
    return settings;
  }

  /** The pool notices that it is broken, and replaces it. */
  private static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
      connection.close();
    } catch (SQLException e) {
      LOG.debug("a connection borrowed from the program's pool could not be aborted", e);
    }
  }

  /** A connection in use; close returns it with its own settings. */
  private final class Loan implements InvocationHandler {

    private final Connection connection;
    private final Map<String, String> before;
    private final boolean autoCommit;
    private final boolean readOnly;
    private final int networkTimeout;
    private final AtomicBoolean closed = new AtomicBoolean();

    Loan(Connection connection, Map<String, String> settings, Duration socketTimeout)
        throws SQLException {
      this.connection = connection;
      this.autoCommit = connection.getAutoCommit();
      this.readOnly = connection.isReadOnly();
      this.networkTimeout = connection.getNetworkTimeout();
      if (!autoCommit) {
        // Commits what the pool has set up in an open transaction.
        connection.setAutoCommit(true);
      }
      if (readOnly) {
        connection.setReadOnly(false);
      }
      connection.setNetworkTimeout(Runnable::run, (int) socketTimeout.toMillis());
      this.before = set(settings);
    }

    /** Changes settings of the session, and returns what they were. */
    private Map<String, String> set(Map<String, String> settings) throws SQLException {
      Map<String, String> were = new LinkedHashMap<>();
      String[] names = settings.keySet().toArray(String[]::new);
      String[] values = settings.values().toArray(String[]::new);
      try (PreparedStatement statement =
          connection.prepareStatement(
              """
              WITH before AS MATERIALIZED (
                SELECT name, value, coalesce(current_setting(name, true), '') AS setting
                FROM unnest(?, ?) AS wanted (name, value))
              SELECT name, setting, set_config(name, value, false) FROM before
              """)) {
        statement.setArray(1, connection.createArrayOf("text", names));
        statement.setArray(2, connection.createArrayOf("text", values));
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            were.put(rows.getString(1), rows.getString(2));
          }
        }
      }
      return were;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> {
          giveBack();
          return null;
        }
        case "isClosed" -> {
          return closed.get() || connection.isClosed();
        }
        default -> {
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        }
      }
    }

    private void giveBack() throws SQLException {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      try {
        if (!connection.getAutoCommit()) {
          connection.rollback();
          connection.setAutoCommit(true);
        }
        set(before);
        connection.setReadOnly(readOnly);
        connection.setAutoCommit(autoCommit);
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
        connection.close();
      } catch (SQLException e) {
        LOG.debug(
            "a connection borrowed from the program's pool could not be reset and is aborted", e);
        abandon(connection);
      } finally {
        permits.release();
      }
    }
  }
}
