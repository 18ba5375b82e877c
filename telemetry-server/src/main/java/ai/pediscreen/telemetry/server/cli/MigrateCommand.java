package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code migrate}: does as the owner of the tables what a server without their rights cannot. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Bring the schema up to date as the owner of the tables.",
      "Runs as the user of MIGRATE_DATABASE_URL, grants the user of DATABASE_URL what a server",
      "needs, and creates the indexes of days that are over.",
      "Servers that start later need no MIGRATE_DATABASE_URL."
    })
public final class MigrateCommand implements Runnable {

  @Override
  public void run() {
    CommandRunner.runOnce(MigrateCommand::migrate);
  }

  private static void migrate(ServerConfig config) {
    DatabaseUrl owner = config.storage().database().ownerUrl();
    DatabaseUrl server = config.storage().database().url();
    if (owner == null || server == null) {
      throw new InvalidConfigurationException(
          List.of("MIGRATE_DATABASE_URL must be set: the database as the owner of its tables"));
    }
    Store.migrate(config, owner, server);
    Store.prepareDays(config, owner);
    System.out.println("migrated: the schema is up to date, and the server's user may use it");
  }
}
