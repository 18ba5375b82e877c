package ai.pediscreen.telemetry.postgres.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Opens connections whose sessions have settings of ours. Thread-safe. */
@FunctionalInterface
public interface Connector {

  /**
   * Opens one; whoever asked for it closes it.
   *
   * @param options settings of the session, each as {@code -c name=value}
   * @param socketTimeout how long an answer is waited for
   */
  Connection open(String options, Duration socketTimeout) throws SQLException;
}
