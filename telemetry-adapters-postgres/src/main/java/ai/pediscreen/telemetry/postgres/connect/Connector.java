package ai.pediscreen.telemetry.postgres.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Opens connections with our session settings. Thread-safe. */
@FunctionalInterface
public interface Connector {

  /**
   * Opens one; the caller closes it.
   *
   * @param options settings of the session, each as {@code -c name=value}
   * @param socketTimeout how long an answer is waited for
   */
  Connection open(String options, Duration socketTimeout) throws SQLException;
}
