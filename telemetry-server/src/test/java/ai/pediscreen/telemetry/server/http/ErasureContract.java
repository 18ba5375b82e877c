package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask for what to be erased, and who sees the receipt. */
public abstract class ErasureContract extends KeyedContract {

  @Test
  void request_isKept_withItsKey_withoutTheIdentifier() {
    Answer answer = erase("?case_id=case-4471", keyOf(Visitor.ERASE_ONLY));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("org_id").textValue()).isEqualTo("org-a");
    assertThat(answer.json().path("field").textValue()).isEqualTo("case_id");
    assertThat(answer.json().path("key").textValue())
        .isEqualTo(keyOf(Visitor.ERASE_ONLY).substring(0, 20));
    assertThat(answer.text()).doesNotContain("case-4471");
    String location = answer.header("location").orElseThrow();
    assertThat(location).isEqualTo("/erasures/" + answer.json().path("id").textValue());
    assertThat(as(keyOf(Visitor.ERASE_ONLY), location).json().path("id"))
        .isEqualTo(answer.json().path("id"));
  }

  @Test
  void receipt_isVisibleToItsOrganisationAndAdminsOnly() {
    String own = erase("?user_id=u", keyOf(Visitor.ERASE_ONLY)).header("location").orElseThrow();
    String ofAll = erase("?user_id=u", keyOf(Visitor.ADMIN)).header("location").orElseThrow();
    String other = key("org-b", null, KeyScope.ERASE);

    assertProblem(as(other, own), 404, "NOT_FOUND");
    assertProblem(as(keyOf(Visitor.ERASE_ONLY), ofAll), 404, "NOT_FOUND");
    assertThat(as(keyOf(Visitor.ADMIN), own).status()).isEqualTo(200);
    assertThat(as(keyOf(Visitor.ADMIN), ofAll).status()).isEqualTo(200);
    assertProblem(as(keyOf(Visitor.ADMIN), "/erasures/nothing"), 404, "NOT_FOUND");
  }

  @Test
  void anotherOrganisation_cannotBeErased() {
    assertProblem(erase("?org_id=org-b", keyOf(Visitor.ERASE_ONLY)), 403, "FORBIDDEN_ORG");
    assertProblem(
        erase("?org_id=org-b&case_id=c", keyOf(Visitor.ERASE_ONLY)), 403, "FORBIDDEN_ORG");
    assertThat(erase("?org_id=org-a", keyOf(Visitor.ERASE_ONLY)).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?case_id=",
        "?case_id=a&user_id=b",
        "?event_id=a&case_id=b",
        "?x=1",
        "?org_id=org-a&case=c",
        "?org_id=org-a&model_id=m",
        "?org_id=org-a&case_id=",
        "?org_id=org-a&user_id=%20",
      })
  void ambiguousRequest_isRefused(String query) {
    assertProblem(erase(query, keyOf(Visitor.ERASE_ONLY)), 400, "INVALID_PARAMETER");
    assertProblem(erase(query, keyOf(Visitor.ADMIN)), 400, "INVALID_PARAMETER");
  }

  @Test
  void holds_arePlacedListedAndReleased() {
    String admin = keyOf(Visitor.ADMIN);
    assertThat(hold("PUT", "?org_id=org-a&case_id=c").status()).isEqualTo(200);
    assertThat(hold("PUT", "?org_id=org-b").status()).isEqualTo(200);
    assertThat(as(admin, "/holds").json().path("holds")).hasSize(2);
    assertThat(as(admin, "/holds").json().at("/holds/1/case_id").isNull()).isTrue();

    assertThat(hold("DELETE", "?org_id=org-a&case_id=c").json().path("holds")).hasSize(1);
    assertProblem(hold("DELETE", "?org_id=org-a&case_id=c"), 404, "NOT_FOUND");
    assertProblem(hold("PUT", "?case_id=c"), 400, "INVALID_PARAMETER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"caseid=c", "case_id=", "user_id=u"})
  void holdWithAMisspeltCase_isNotTakenForTheWholeOrganisation(String more) {
    hold("PUT", "?org_id=org-a");

    assertProblem(hold("DELETE", "?org_id=org-a&" + more), 400, "INVALID_PARAMETER");
    assertProblem(hold("PUT", "?org_id=org-b&" + more), 400, "INVALID_PARAMETER");

    assertThat(as(keyOf(Visitor.ADMIN), "/holds").json().findValuesAsText("org_id"))
        .containsExactly("org-a");
  }

  private Answer hold(String method, String query) {
    return send(method, "/holds" + query, BodyPublishers.noBody(), "apikey", keyOf(Visitor.ADMIN));
  }

  private Answer erase(String query, String key) {
    return send("DELETE", "/events" + query, BodyPublishers.noBody(), "apikey", key);
  }
}
