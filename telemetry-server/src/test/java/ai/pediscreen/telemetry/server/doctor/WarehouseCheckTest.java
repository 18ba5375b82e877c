package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WarehouseCheckTest {

  @Test
  void existingDatasetWithPermissions_isOk() {
    assertThat(lines(new WarehouseReport(true, "EU", List.of(), List.of(), "mend it")))
        .containsExactly(
            "ok    BigQuery     dataset p-1.d in EU",
            "ok    Permissions  all that are needed are granted");
  }

  @Test
  void missingDataset_isAWarning() {
    assertThat(
            lines(
                new WarehouseReport(
                    true, "EU", List.of("events", "events_once"), List.of(), "mend it")))
        .first()
        .isEqualTo(
            "warn  BigQuery     dataset p-1.d lacks events, events_once;"
                + " run: java -jar telemetry-server.jar bigquery init");
    assertThat(lines(new WarehouseReport(false, null, List.of(), List.of(), "mend it")))
        .containsExactly(
            "warn  BigQuery     dataset p-1.d is not there yet;"
                + " run: java -jar telemetry-server.jar bigquery init",
            "ok    Permissions  may run jobs; permissions on tables are checked once there are"
                + " tables");
  }

  @Test
  void missingPermission_fails() {
    WarehouseReport report =
        new WarehouseReport(true, "EU", List.of(), List.of("bigquery.jobs.create"), "mend it");
    Findings findings =
        new Findings(new WarehouseCheck("BigQuery", "dataset p-1.d", report).check());

    assertThat(findings.passed()).isFalse();
    assertThat(findings.lines())
        .last()
        .isEqualTo("FAIL  Permissions  not granted: bigquery.jobs.create; mend it");
  }

  private static List<String> lines(WarehouseReport report) {
    return new Findings(new WarehouseCheck("BigQuery", "dataset p-1.d", report).check()).lines();
  }
}
