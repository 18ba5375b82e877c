package ai.pediscreen.telemetry.postgres.connect;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of no pool, for what is done before there is one. */
public final class DirectConnections {

  private static final Logger LOG = LoggerFactory.getLogger(DirectConnections.class);

  /** Class of SQLSTATE: connection exception. */
  private static final String UNREACHABLE = "08";

  /** SQLSTATE cannot_connect_now. */
  private static final String STARTING_UP = "57P03";

  private static final Duration CONNECT_PAUSE = Duration.ofMillis(250);

  private DirectConnections() {}

  /** Opens each one when it is asked for. */
  public static Connector to(ConnectionParameters parameters) {
    return (options, socketTimeout) ->
        DriverManager.getConnection(
            SessionProperties.urlOf(parameters),
            SessionProperties.startProperties(parameters, socketTimeout, options));
  }

  /**
   * Returns when the database takes a connection.
   *
   * @param patience how long one that cannot be reached is waited for; one that answers and refuses
   *     is not
   * @throws StoreUnavailableException if it cannot be reached in that time, or refuses
   */
  public static void awaitReachable(ConnectionParameters parameters, Duration patience) {
    long start = System.nanoTime();
    Properties properties =
        SessionProperties.startProperties(parameters, SessionProperties.SOCKET_TIMEOUT, "");
    for (boolean first = true; ; first = false) {
      try {
        DriverManager.getConnection(SessionProperties.urlOf(parameters), properties).close();
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
}
