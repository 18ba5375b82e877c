package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.BigQueryReport;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BigQueryCheckTest {

  @Test
  void existingDatasetWithPermissions_isOk() {
    assertThat(lines(new BigQueryReport(true, "EU", List.of(), List.of())))
        .containsExactly(
            "ok    BigQuery     dataset p-1.d in EU",
            "ok    Permissions  all that are needed are granted");
  }

  @Test
  void missingDataset_isAWarning() {
    assertThat(lines(new BigQueryReport(true, "EU", List.of("events", "events_once"), List.of())))
        .first()
        .isEqualTo(
            "warn  BigQuery     dataset p-1.d lacks events, events_once;"
                + " run: java -jar telemetry-server.jar bigquery init");
    assertThat(lines(new BigQueryReport(false, null, List.of(), List.of())))
        .containsExactly(
            "warn  BigQuery     dataset p-1.d is not there yet;"
                + " run: java -jar telemetry-server.jar bigquery init",
            "ok    Permissions  may run jobs; permissions on tables are checked once there are"
                + " tables");
  }

  @Test
  void missingPermission_fails() {
    BigQueryReport report =
        new BigQueryReport(true, "EU", List.of(), List.of("bigquery.jobs.create"));
    Findings findings = new Findings(new BigQueryCheck("p-1.d", report).check());

    assertThat(findings.passed()).isFalse();
    assertThat(findings.lines())
        .last()
        .isEqualTo(
            "FAIL  Permissions  not granted: bigquery.jobs.create;"
                + " grant the account the roles BigQuery Data Editor and BigQuery Job User");
  }

  private static List<String> lines(BigQueryReport report) {
    return new Findings(new BigQueryCheck("p-1.d", report).check()).lines();
  }
}
