package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.bigquery.BigQuerySettings;
import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bigquery}: what is done there by hand. */
@Command(
    name = "bigquery",
    mixinStandardHelpOptions = true,
    description = "Look after the tables in BigQuery.",
    subcommands = BigQueryCommand.Init.class)
public final class BigQueryCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do there: init");
  }

  /** {@code bigquery init}: makes the tables. */
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Make the dataset, its tables and its view, and add columns that tables lack. Drops"
              + " nothing. Export does the same by itself.")
  static final class Init implements Runnable {
    @Override
    public void run() {
      CommandRunner.runOnce(Init::make);
    }

    private static void make(ServerConfig config) {
      BigQuerySettings settings = config.storage().bigQuery().requireDataset();
      try (BigQueryTelemetry bigQuery = BigQueryTelemetry.open(settings)) {
        bigQuery.prepare();
      }
      System.out.println(
          "ready: tables events, daily_aggregates and daily_drift, view events_once, in "
              + settings.project()
              + "."
              + settings.dataset());
    }
  }
}
