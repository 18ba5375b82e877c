package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import com.google.gson.JsonParser;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InspectionTest {

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");
  private final BigQueryTelemetry telemetry =
      BigQueryTelemetry.open(fake.settings().withLocation("EU"));

  @AfterEach
  void close() {
    telemetry.close();
    fake.close();
  }

  @Test
  void missingDataset_isReported_andNotCreated() {
    WarehouseReport report = telemetry.inspect();

    assertThat(report.isThere()).isFalse();
    assertThat(report.lackingPermissions()).isEmpty();
    assertThat(telemetry.inspect()).isEqualTo(report);
  }

  @Test
  void preparedDataset_lacksNothing() {
    telemetry.prepare();

    WarehouseReport report = telemetry.inspect();

    assertThat(report.isThere()).isTrue();
    assertThat(report.location()).isEqualTo("EU");
    assertThat(report.lackingTables()).isEmpty();
    assertThat(report.lackingPermissions()).isEmpty();
  }

  @Test
  void missingTables_areNamed() {
    fake.putTable(
        BigQuerySettings.DEFAULT_DATASET,
        "something_else",
        JsonParser.parseString("{'type':'TABLE','schema':{'fields':[]}}").getAsJsonObject());

    assertThat(telemetry.inspect().lackingTables())
        .containsExactly("events", "events_once", "daily_aggregates", "daily_drift");
  }

  @Test
  void missingPermissions_areNamed() {
    telemetry.prepare();
    fake.deny(Set.of("bigquery.tables.updateData", "bigquery.jobs.create", "bigquery.other"));

    assertThat(telemetry.inspect().lackingPermissions())
        .containsExactly("bigquery.jobs.create", "bigquery.tables.updateData");
  }

  @Test
  void refusal_isReportedWithTheServicesReason() {
    fake.refuseRest("403 accessDenied Permission bigquery.datasets.get denied on dataset p-1:d");

    assertThatThrownBy(telemetry::inspect)
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("bigquery.datasets.get");
  }
}
