package ai.pediscreen.telemetry.postgres.schema;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.ConnectorDataSource;
import ai.pediscreen.telemetry.postgres.connect.SessionProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The migrations of the schema, as Flyway runs them. */
public final class Migrations {

  /** The longest migration writes the ledger anew, some minutes for 10⁸ events. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofHours(6);

  private final FluentConfiguration flyway;

  private Migrations(FluentConfiguration flyway) {
    this.flyway = flyway;
  }

  /** Over connections of their own. */
  static Migrations over(ConnectionParameters parameters) {
    return new Migrations(
        flyway(parameters, SessionProperties.startProperties(parameters, SOCKET_TIMEOUT, "")));
  }

  /** Over connections of another's pool. */
  static Migrations over(Connector connections, String schema) {
    return new Migrations(
        inSchema(
            Flyway.configure().dataSource(new ConnectorDataSource(connections, SOCKET_TIMEOUT)),
            schema));
  }

  /** By which it is seen what has run, and nothing can be changed. */
  public static FluentConfiguration toInspect(ConnectionParameters parameters) {
    return flyway(parameters, SessionProperties.inspectionProperties(parameters));
  }

  /**
   * Returns if all have run: only the owner of the tables can run them.
   *
   * @throws StoreUnavailableException if some are missing
   */
  void requireDone() {
    try {
      if (flyway.load().info().pending().length > 0) {
        throw new StoreUnavailableException(
            "the database's schema is older than this program, and its user is not the owner; run"
                + " the command migrate with MIGRATE_DATABASE_URL");
      }
    } catch (FlywayException e) {
      throw new StoreUnavailableException("the database's migrations cannot be read", e);
    }
  }

  /**
   * Runs those that have not run yet.
   *
   * @throws StoreUnavailableException if one fails
   */
  void run() {
    try {
      flyway.load().migrate();
    } catch (FlywayException e) {
      throw new StoreUnavailableException(
          "the database's schema could not be brought up to date", e);
    }
  }

  private static FluentConfiguration flyway(ConnectionParameters parameters, Properties jdbc) {
    Map<String, String> properties = new HashMap<>();
    jdbc.forEach((key, value) -> properties.put((String) key, (String) value));
    return inSchema(
        Flyway.configure()
            .dataSource(
                SessionProperties.urlOf(parameters), parameters.user(), parameters.password())
            .jdbcProperties(properties),
        parameters.schema());
  }

  private static FluentConfiguration inSchema(FluentConfiguration flyway, String schema) {
    return flyway
        .defaultSchema(schema)
        .createSchemas(false)
        .locations("classpath:ai/pediscreen/telemetry/postgres/migration");
  }
}
