package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.bigquery.BigQueryReport;
import java.util.List;

/** The dataset in BigQuery: what is there, and what the credentials grant. */
public final class BigQueryCheck {

  private final String name;
  private final BigQueryReport report;

  /**
   * Checks nothing yet.
   *
   * @param name project and dataset
   */
  public BigQueryCheck(String name, BigQueryReport report) {
    this.name = name;
    this.report = report;
  }

  /** One finding about tables, one about permissions. */
  public List<Finding> check() {
    return List.of(tables(), permissions());
  }

  private Finding tables() {
    String advice = "run: java -jar telemetry-server.jar bigquery init";
    if (!report.isThere()) {
      return Finding.warn("BigQuery", "dataset " + name + " is not there yet", advice);
    }
    if (!report.lackingTables().isEmpty()) {
      String lacking = String.join(", ", report.lackingTables());
      return Finding.warn("BigQuery", "dataset " + name + " lacks " + lacking, advice);
    }
    return Finding.ok("BigQuery", "dataset " + name + " in " + report.location());
  }

  private Finding permissions() {
    if (!report.lackingPermissions().isEmpty()) {
      return Finding.fail(
          "Permissions",
          "not granted: " + String.join(", ", report.lackingPermissions()),
          "grant the account the roles BigQuery Data Editor and BigQuery Job User");
    }
    return report.isThere() && report.lackingTables().isEmpty()
        ? Finding.ok("Permissions", "all that are needed are granted")
        : Finding.ok(
            "Permissions", "may run jobs; permissions on tables are checked once there are tables");
  }
}
