package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BigQueryErasureTest {

  private static final ErasureSelection CASE =
      new ErasureSelection(OrgFilter.all(), ErasureField.CASE_ID, Set.of("c-1", "case_0a"));

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");
  private final BigQueryTelemetry telemetry = BigQueryTelemetry.open(fake.settings());

  @BeforeEach
  void prepare() {
    telemetry.prepare();
    row("e-1", "org-a", "c-1");
    row("e-2", "org-b", "case_0a");
    row("e-3", "org-a", "c-3");
  }

  @AfterEach
  void close() {
    telemetry.close();
    fake.close();
  }

  @Test
  void erasedRows_loseIdentifiers_andAreStillCounted() {
    assertThat(telemetry.events().erase(CASE, List.of())).isEqualTo(2);

    assertThat(fake.rows("events")).hasSize(3);
    assertThat(fake.rows("events").toString())
        .doesNotContain("e-1", "e-2", "c-1", "case_0a")
        .contains("e-3", "c-3", "erased:");
    assertThat(fake.values("events", "model_id")).containsOnly("m");
    assertThat(telemetry.events().erase(CASE, List.of())).isZero();
  }

  @Test
  void erasure_coversItsOrganisationOnly_andLeavesHeldRows() {
    assertThat(telemetry.events().erase(ErasureSelection.ofOrganisation("org-b"), List.of()))
        .isEqualTo(1);
    List<LegalHold> holds =
        List.of(
            new LegalHold("org-a", "c-1", null, Instant.EPOCH),
            new LegalHold("org-c", null, null, Instant.EPOCH));
    assertThat(telemetry.events().erase(ErasureSelection.ofOrganisation("org-a"), holds))
        .isEqualTo(1);
    assertThat(fake.values("events", "event_id")).contains("e-1").doesNotContain("e-2", "e-3");
  }

  @Test
  void refusedErasure_isRetried() {
    fake.refuseRest(
        "400 invalidQuery UPDATE or DELETE statement over table would affect rows in the streaming"
            + " buffer, which is not supported");

    assertThatThrownBy(() -> telemetry.events().erase(CASE, List.of()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("streaming buffer");
  }

  private void row(String eventId, String orgId, String caseId) {
    JsonObject row = new JsonObject();
    row.addProperty("event_id", eventId);
    row.addProperty("org_id", orgId);
    row.addProperty("case_id", caseId);
    row.addProperty("model_id", "m");
    row.addProperty("payload", "{\"case_id\":\"" + caseId + "\"}");
    fake.addRow("events", row);
  }
}
