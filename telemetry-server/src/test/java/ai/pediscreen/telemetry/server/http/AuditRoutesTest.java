package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.server.Waiting;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditRoutesTest extends AuditContract {

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWithKeys();
  }

  @ParameterizedTest
  @DisplayName("A read or act that cannot be entered is answered 503")
  @CsvSource({
    "GET, /events?case_id=c",
    "GET, /events/e-1",
    "GET, /events.csv",
    "GET, /events.ndjson",
    "GET, /drift.csv",
    "DELETE, /events?case_id=c",
    "PUT, /holds?org_id=org-a",
    "POST, /keys",
    "POST, /jobs/daily-aggregates"
  })
  void answerWhoseEntryFails_isNotSent(String method, String path) {
    String admin = keyOf(Visitor.ADMIN);
    assertThat(post(event("e-1").toString(), "apikey", admin).status()).isEqualTo(202);
    audit().setAway(true);
    String body = path.equals("/keys") ? "{\"scopes\":[\"admin\"]}" : "";
    Answer answer = send(method, path, BodyPublishers.ofString(body), "apikey", admin);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().path("error_code").textValue()).isEqualTo("STORE_UNAVAILABLE");
    assertThat(answer.text()).doesNotContain("e-1", "pst_");
    assertThat(post(event("e-2").toString(), "apikey", admin).status())
        .as("ingestion does not ask for it")
        .isEqualTo(202);
    assertThat(as(admin, "/telemetry").json().path("total_requests").intValue()).isEqualTo(2);
    audit().setAway(false);
  }

  @Test
  void ingestion_entersOnlyTheFirstUseOfItsKey() {
    String ingest = keyOf(Visitor.INGEST_ONLY);
    for (int i = 0; i < 20; i++) {
      assertThat(post(event("e-" + i).toString(), "apikey", ingest).status()).isEqualTo(202);
    }
    Waiting.until("its use is entered", Duration.ofSeconds(10), () -> !entries().isEmpty());
    server.close();
    assertThat(entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.who()).isEqualTo(ingest.substring(0, 20));
              assertThat(entry.action()).isEqualTo(AuditAction.KEY_FIRST_USED);
              assertThat(entry.orgId()).isEqualTo("org-a");
            });
  }

  @Test
  void refusedAccess_isCountedByKeyRouteAndStatus() {
    for (int i = 0; i < 3; i++) {
      assertThat(as(null, "/telemetry").status()).isEqualTo(401);
      assertThat(as(keyOf(Visitor.REVOKED), "/events/x").status()).isEqualTo(401);
      assertThat(as(keyOf(Visitor.READ_ONLY), "/keys").status()).isEqualTo(403);
    }
    assertThat(as(keyOf(Visitor.READ_ONLY), "/telemetry?org_id=org-b").status()).isEqualTo(403);
    server.close();

    assertThat(refused())
        .containsExactlyInAnyOrder(
            "no_key route=GET /telemetry&status=401 3",
            keyOf(Visitor.REVOKED).substring(0, 20) + " route=GET /events/{event_id}&status=401 3",
            keyOf(Visitor.READ_ONLY).substring(0, 20) + " route=GET /keys&status=403 3",
            keyOf(Visitor.READ_ONLY).substring(0, 20) + " route=GET /telemetry&status=403 1");
  }

  @Test
  void manyInventedKeys_areFewEntries_andHideNoValidKey() {
    int flood = 150;
    for (int i = 0; i < flood; i++) {
      String madeUp = "pst_%016x_%s".formatted(i, "0".repeat(64));
      assertThat(as(madeUp, "/telemetry").status()).isEqualTo(401);
    }
    assertThat(as(keyOf(Visitor.READ_ONLY), "/keys").status()).isEqualTo(403);
    server.close();

    List<AuditEntry> wrong =
        entries().stream().filter(entry -> entry.selection().contains("status=401")).toList();
    assertThat(wrong).hasSizeBetween(2, 25);
    assertThat(wrong.stream().mapToLong(AuditEntry::count).sum()).isEqualTo(flood);
    assertThat(refused())
        .contains("others route=others&status=401 130")
        .contains(keyOf(Visitor.READ_ONLY).substring(0, 20) + " route=GET /keys&status=403 1");
  }

  @Test
  void countedRefusals_wait_whileTheStoreIsUnavailable() {
    audit().setAway(true);
    assertThat(as(null, "/telemetry").status()).isEqualTo(401);
    assertThat(as(keyOf(Visitor.READ_ONLY), "/telemetry").status()).isEqualTo(200);
    audit().setAway(false);
    server.close();
    assertThat(refused()).containsExactly("no_key route=GET /telemetry&status=401 1");
    assertThat(entries()).anyMatch(entry -> entry.action() == AuditAction.KEY_FIRST_USED);
  }

  private List<String> refused() {
    return entries().stream()
        .filter(entry -> entry.action() == AuditAction.ACCESS_REFUSED)
        .map(entry -> entry.who() + " " + entry.selection() + " " + entry.count())
        .toList();
  }

  private List<AuditEntry> entries() {
    return audit().following(AuditFilter.ALL, 0, 1_000);
  }

  private RememberedAudit audit() {
    return ((InMemoryServer) server).audit();
  }
}
