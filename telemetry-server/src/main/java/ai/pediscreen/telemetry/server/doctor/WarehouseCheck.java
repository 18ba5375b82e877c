package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import java.util.List;
import java.util.Locale;

/** The warehouse: what is there, and what the credentials grant. */
public final class WarehouseCheck {

  private final String kind;
  private final String place;
  private final WarehouseReport report;

  /**
   * Checks nothing yet.
   *
   * @param kind what its provider calls it
   * @param place which one it is, in a few words
   */
  public WarehouseCheck(String kind, String place, WarehouseReport report) {
    this.kind = kind;
    this.place = place;
    this.report = report;
  }

  /** One finding about tables, one about permissions. */
  public List<Finding> check() {
    return List.of(tables(), permissions());
  }

  private Finding tables() {
    String advice =
        "run: java -jar telemetry-server.jar " + kind.toLowerCase(Locale.ROOT) + " init";
    if (!report.isThere()) {
      return Finding.warn(kind, place + " is not there yet", advice);
    }
    if (!report.lackingTables().isEmpty()) {
      String lacking = String.join(", ", report.lackingTables());
      return Finding.warn(kind, place + " lacks " + lacking, advice);
    }
    return Finding.ok(kind, report.location() == null ? place : place + " in " + report.location());
  }

  private Finding permissions() {
    if (!report.lackingPermissions().isEmpty()) {
      return Finding.fail(
          "Permissions",
          "not granted: " + String.join(", ", report.lackingPermissions()),
          report.remedy());
    }
    return report.isThere() && report.lackingTables().isEmpty()
        ? Finding.ok("Permissions", "all that are needed are granted")
        : Finding.ok(
            "Permissions", "may run jobs; permissions on tables are checked once there are tables");
  }
}
