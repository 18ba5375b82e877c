package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.connect.ConnectionPools;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.DirectConnections;
import ai.pediscreen.telemetry.postgres.event.EventAppend;
import ai.pediscreen.telemetry.postgres.schema.SchemaSetup;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Duration;

/** Opens a database whose schema is up to date and whose user may do what is to be done. */
final class Opening {

  private Opening() {}

  /**
   * With pools of its own.
   *
   * @param patience how long a database that does not answer yet is waited for
   * @throws StoreUnavailableException if the database cannot be reached or made ready
   */
  static Database open(PostgresSettings settings, Duration patience) {
    DirectConnections.awaitReachable(settings.connection(), patience);
    SchemaSetup.prepare(settings.connection());
    return withRights(pooled(settings), settings);
  }

  /**
   * With connections of another's pool.
   *
   * @throws StoreUnavailableException if the database cannot be reached or made ready
   */
  static Database open(PostgresSettings settings, Connector connections) {
    SchemaSetup.prepare(connections, settings.schema());
    return withRights(
        new Database(connections, settings.silenceLimit(), settings.clock()), settings);
  }

  /** As {@link PostgresTelemetry#migrate} says. */
  static void migrate(PostgresSettings owner, PostgresSettings server, Duration patience) {
    DirectConnections.awaitReachable(owner.connection(), patience);
    SchemaSetup.migrate(owner.connection(), server.connection(), server.auditDays());
  }

  /** With pools of its own, and as it is. */
  static Database pooled(PostgresSettings settings) {
    ConnectionParameters parameters = settings.connection();
    return new Database(
        parameters,
        new ConnectionPools(
            parameters, settings.readers(), settings.silenceLimit(), settings.poolMetrics()),
        settings.clock());
  }

  /** The first that is done on the pools, so that it waits for a connection as long as days do. */
  private static Database withRights(Database database, PostgresSettings settings) {
    try {
      database.maintain(
          handle -> {
            EventAppend.requireSentTogether(handle.getConnection());
            return SchemaSetup.ensureRights(handle, settings.schema());
          });
      return database;
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }
}
