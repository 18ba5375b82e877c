package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.privacy.PhiFinding;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.privacy.PhiRule;
import ai.pediscreen.telemetry.privacy.Pseudonyms;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of identifiers of persons over HTTP, in each mode. */
class PhiTest extends HttpContract {

  private static final String EMAIL = "jane@example.com";

  private final PhiGuard guard = PhiGuard.redacting();

  @Override
  protected ServerUnderTest startServer() {
    return InMemoryServer.startWith(guard);
  }

  @Test
  @DisplayName("PHI (redact): the value becomes [redacted:email] and is counted by rule and path")
  void identifiersAreRedacted_andCounted() {
    ObjectNode event = event("e-1").put("trace_id", EMAIL).put("case_id", "415-555-2671");
    event.withObject("/response").put("error_code", EMAIL).put("status_code", 500);
    event.withObject("/response").put("fallback_to", "nobody");

    assertThat(post(event.toString()).status()).isEqualTo(202);

    Answer errors = get("/telemetry?action=errors");
    assertThat(errors.json().at("/errors/0/error_code").textValue()).isEqualTo("[redacted:email]");
    assertThat(errors.json().at("/errors/0/trace_id").textValue()).isEqualTo("[redacted:email]");
    assertThat(
            get("/telemetry?action=fallbacks").json().at("/fallbacks/0/screening_id").textValue())
        .isEqualTo("[redacted:phone]");
    assertThat(guard.counts())
        .containsOnly(
            Map.entry(new PhiFinding(PhiRule.EMAIL, "trace_id"), 1L),
            Map.entry(new PhiFinding(PhiRule.EMAIL, "response.error_code"), 1L),
            Map.entry(new PhiFinding(PhiRule.PHONE, "case_id"), 1L));
  }

  @Test
  void eventIdThatIdentifiesAPerson_isRefused_andNotRepeated() {
    Answer one = post(event(EMAIL).toString());
    Answer batch = post("[" + event("e-1") + "," + event(EMAIL) + "]");

    assertThat(one.status()).isEqualTo(422);
    assertThat(one.json().path("error_code").textValue()).isEqualTo("INVALID_FIELD");
    assertThat(one.json().path("errors"))
        .isEqualTo(
            json(
                "[{'field':'event_id','message':'must not hold what looks like an e-mail address"
                    + " (email)'}]"));
    assertThat(batch.status()).isEqualTo(207);
    assertThat(batch.json().at("/errors/0/event_id").isNull()).isTrue();
    assertThat(one.text() + batch.text()).doesNotContain(EMAIL);
  }

  @Test
  void eventIdThatIdentifiesAPerson_isNotRepeated_withAnotherFault() {
    Answer batch = post("[" + event(EMAIL).put("cost_estimate_usd", -1) + "]");

    assertThat(batch.status()).isEqualTo(422);
    assertThat(batch.json().at("/errors/0/field").textValue()).isEqualTo("cost_estimate_usd");
    assertThat(batch.text()).doesNotContain(EMAIL);
  }

  @Test
  void redactedEventSentAgain_isADuplicate() {
    String event = event("e-1").put("user_id", EMAIL).toString();
    post(event);

    assertThat(post(event).json().path("status").textValue()).isEqualTo("duplicate");
  }

  @Test
  @DisplayName("PHI (reject): 422 with field and rule, never the value")
  void identifiersAreRefused_whenTheGuardRejects() {
    try (InMemoryServer rejecting = InMemoryServer.startWith(new PhiGuard(PhiMode.REJECT, null))) {
      ObjectNode event = event("e-1");
      event.putObject("request").put("prompt", "call 415-555-2671").put("dob", "2019-04-12");

      Answer answer =
          send(rejecting.uri(), "POST", "/events", BodyPublishers.ofString(event.toString()));

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.json().path("errors"))
          .isEqualTo(
              json(
                  "[{'field':'request.prompt','message':'must not hold what looks like a phone"
                      + " number (phone)'},{'field':'request.dob','message':'must not hold what"
                      + " looks like a date of birth (birth_date)'}]"));
      assertThat(answer.text()).doesNotContain("2671").doesNotContain("2019");
    }
  }

  @Test
  void hold_coversBothFormsOfACase_andEndsByEither() {
    Pseudonyms pseudonyms = Pseudonyms.of("k".repeat(32));
    String pseudonym = pseudonyms.caseOf("case-1");
    try (InMemoryServer pseudonymous =
        InMemoryServer.startWith(new PhiGuard(PhiMode.REDACT, pseudonyms))) {
      for (String ended : List.of("case-1", pseudonym)) {
        for (String placed : List.of("case-1", pseudonym)) {
          assertThat(holds(pseudonymous, "PUT", placed).json().path("holds")).hasSize(1);
        }
        Answer listed = send(pseudonymous.uri(), "GET", "/holds", BodyPublishers.noBody());
        assertThat(listed.json().path("holds")).hasSize(1);
        assertThat(listed.json().at("/holds/0/case_id").textValue()).isEqualTo(pseudonym);

        assertThat(holds(pseudonymous, "DELETE", ended).json().path("holds")).isEmpty();
      }
    }
  }

  private static Answer holds(InMemoryServer server, String method, String caseId) {
    return send(server.uri(), method, "/holds?org_id=o&case_id=" + caseId, BodyPublishers.noBody());
  }

  @Test
  @DisplayName("PSEUDONYM_KEY: screening_id shows the pseudonym of case_id")
  void cases_areFoundByTheirPseudonyms() {
    Pseudonyms pseudonyms = Pseudonyms.of("k".repeat(32));
    try (InMemoryServer pseudonymous =
        InMemoryServer.startWith(new PhiGuard(PhiMode.OFF, pseudonyms))) {
      ObjectNode event = event("e-1").put("case_id", "case-1");
      event.withObject("/response").put("fallback_to", "rules");
      for (String sent : List.of(event.toString(), event.toString())) {
        send(pseudonymous.uri(), "POST", "/events", BodyPublishers.ofString(sent));
      }

      Answer fallbacks =
          send(pseudonymous.uri(), "GET", "/telemetry?action=fallbacks", BodyPublishers.noBody());

      assertThat(fallbacks.json().path("total").intValue()).isEqualTo(1);
      assertThat(fallbacks.json().at("/fallbacks/0/screening_id").textValue())
          .isEqualTo(pseudonyms.caseOf("case-1"));
    }
  }
}
