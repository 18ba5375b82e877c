package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Looks at a dataset and changes nothing. */
final class Inspection {

  /** What a dataset that was made ready has: tables, and the view. */
  static final List<String> TABLES =
      List.of(EventTable.NAME, EventTable.VIEW, AggregateTable.NAME, DriftTable.NAME);

  /** To run loads and questions. The service tells it of a project only by refusing a job. */
  private static final String RUN_JOBS = "bigquery.jobs.create";

  /** To read, to write, and to add columns. */
  private static final List<String> ON_TABLES =
      List.of(
          "bigquery.tables.get",
          "bigquery.tables.getData",
          "bigquery.tables.update",
          "bigquery.tables.updateData");

  private static final List<String> ON_VIEWS =
      List.of("bigquery.tables.get", "bigquery.tables.getData");

  private static final String REMEDY =
      "grant the account the roles BigQuery Data Editor and BigQuery Job User";

  private static final int FORBIDDEN = 403;

  private final BigQuerySettings settings;
  private final BigQuery client;

  Inspection(BigQuerySettings settings, BigQuery client) {
    this.settings = settings;
    this.client = client;
  }

  /**
   * Looks.
   *
   * @throws ai.pediscreen.telemetry.export.ExportException if there is no answer
   */
  WarehouseReport report() {
    try {
      Set<String> lackingPermissions = new TreeSet<>();
      if (!runsJobs()) {
        lackingPermissions.add(RUN_JOBS);
      }
      Dataset dataset = client.getDataset(settings.dataset());
      List<String> lackingTables = new ArrayList<>();
      if (dataset != null) {
        for (String name : TABLES) {
          TableId table = TableId.of(settings.project(), settings.dataset(), name);
          if (client.getTable(table) == null) {
            lackingTables.add(name);
          } else {
            List<String> needed = name.equals(EventTable.VIEW) ? ON_VIEWS : ON_TABLES;
            List<String> granted = client.testIamPermissions(table, needed);
            needed.stream().filter(one -> !granted.contains(one)).forEach(lackingPermissions::add);
          }
        }
      }
      return new WarehouseReport(
          dataset != null,
          dataset == null ? settings.location() : dataset.getLocation(),
          lackingTables,
          List.copyOf(lackingPermissions),
          REMEDY);
    } catch (BigQueryException e) {
      throw Failures.of(
          "dataset %s.%s cannot be read".formatted(settings.project(), settings.dataset()), e);
    }
  }

  /** A dry run reads nothing and costs nothing. */
  private boolean runsJobs() {
    try {
      Job dry =
          client.create(
              JobInfo.of(QueryJobConfiguration.newBuilder("SELECT 1").setDryRun(true).build()));
      return dry != null;
    } catch (BigQueryException e) {
      if (e.getCode() == FORBIDDEN && String.valueOf(e.getMessage()).contains(RUN_JOBS)) {
        return false;
      }
      throw e;
    }
  }
}
