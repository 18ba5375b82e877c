package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.SessionProperties;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** One transaction on a connection of its own, before there are pools. */
public final class UnpooledTransaction {

  /** Tables are moved, for which those who read them are waited for. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private UnpooledTransaction() {}

  /** Runs one that may write. There need be no schema yet. */
  public static <T> T run(Connector connections, Database.Work<T> work) {
    return SqlFailures.translated(
        () -> {
          try (Connection connection = connections.open("", TIMEOUT);
              Handle handle = Jdbi.open(connection)) {
            return handle.inTransaction(work::run);
          }
        });
  }

  /** Runs one that sees a single state of the database and can change nothing. */
  public static <T> T inspect(ConnectionParameters parameters, Database.Work<T> work) {
    Properties properties = SessionProperties.inspectionProperties(parameters);
    return SqlFailures.translated(
        () -> {
          try (Connection connection =
                  DriverManager.getConnection(SessionProperties.urlOf(parameters), properties);
              Handle handle = Jdbi.open(connection)) {
            return handle.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, transaction -> work.run(transaction));
          }
        });
  }
}
