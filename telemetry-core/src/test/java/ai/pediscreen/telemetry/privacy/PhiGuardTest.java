package ai.pediscreen.telemetry.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhiGuardTest {

  private static final String EMAIL = "jane@example.com";
  private static final String MARKER = "[redacted:email]";

  private final PhiGuard guard = PhiGuard.redacting();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app",
        "user_id",
        "case_id",
        "region",
        "agent",
        "trace_id",
        "model.model_id",
        "model.adapter_id",
        "model.provider",
        "response.fallback_to",
        "response.error_code",
        "request.prompt",
        "response.answer",
        "model.note",
        "comment"
      })
  void everyField_isGuarded(String path) {
    TelemetryEvent guarded = guard.apply(event(path, "for " + EMAIL));

    assertThat(guarded).isEqualTo(event(path, MARKER));
    assertThat(guard.counts()).isEqualTo(Map.of(new PhiFinding(PhiRule.EMAIL, path), 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"event_id", "org_id"})
  void eventWhoseIdIdentifiesAPerson_isRefused(String field) {
    TelemetryEvent event = event(field, EMAIL);

    assertThat(faults(guard, event))
        .containsExactly(
            new FieldFault(field, "must not hold what looks like an e-mail address (email)"));
    assertThat(faults(new PhiGuard(PhiMode.REJECT, null), event)).hasSize(1);
    assertThat(new PhiGuard(PhiMode.OFF, null).apply(event)).isSameAs(event);
  }

  @Test
  void rejectingGuard_namesEachFieldAndRuleOnce_andNoValue() {
    TelemetryEvent event =
        event(
            "request",
            Map.of(
                "messages",
                List.of(Map.of("content", EMAIL), Map.of("content", EMAIL)),
                "dob",
                "4/12/19"));

    InvalidEventException refused =
        catchThrowableOfType(
            InvalidEventException.class, () -> new PhiGuard(PhiMode.REJECT, null).apply(event));

    assertThat(refused.faults())
        .containsExactlyInAnyOrder(
            new FieldFault(
                "request.messages.content",
                "must not hold what looks like an e-mail address (email)"),
            new FieldFault(
                "request.dob", "must not hold what looks like a date of birth (birth_date)"));
    assertThat(refused).hasMessageNotContaining(EMAIL).hasMessageNotContaining("4/12/19");
  }

  @ParameterizedTest
  @EnumSource(PhiMode.class)
  void eventWithoutFindings_isTheSameInstance(PhiMode mode) {
    TelemetryEvent event = event("request", Map.of("input_tokens", 101, "task", "screen"));

    assertThat(new PhiGuard(mode, null).apply(event)).isSameAs(event);
  }

  @Test
  void textAroundAFinding_isUnchanged() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("first", List.of(1, "two", false));
    request.put("prompt", EMAIL);
    request.put("last", Map.of("a", 4_155_552_671L));
    Map<String, Object> expected = new LinkedHashMap<>(request);
    expected.put("prompt", MARKER);

    TelemetryEvent guarded = guard.apply(event("request", request));

    assertThat(guarded).isEqualTo(event("request", expected));
    assertThat(guarded.request())
        .hasToString("{first=[1, two, false], prompt=[redacted:email], last={a=4155552671}}");
  }

  @Test
  void nulls_areKept() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("dob", null);
    request.put("prompt", EMAIL);
    request.put("tags", java.util.Arrays.asList(null, EMAIL, null));

    assertThat(guard.apply(event("request", request)).request())
        .hasToString("{dob=null, prompt=[redacted:email], tags=[null, [redacted:email], null]}");
  }

  @Test
  void keys_areRedacted_andStayDistinct() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(MARKER + "#3", 0);
    request.put("jane@example.com", 1);
    request.put("joe@example.com", 2);
    request.put("415-555-2671", Map.of("jim@example.com", 3));
    request.put("jill@example.com", "jill@example.com");

    assertThat(guard.apply(event("request", request)).request())
        .hasToString(
            "{[redacted:email]#3=0, [redacted:email]=1, [redacted:email]#2=2,"
                + " [redacted:phone]={[redacted:email]=3}, [redacted:email]#4=[redacted:email]}");
  }

  @Test
  void textOver512Characters_isFreeText_inRequestAndResponse() {
    String longest = "🙂".repeat(512);

    for (String path : List.of("request.prompt", "response.answer")) {
      assertThat(guard.apply(event(path, longest))).isEqualTo(event(path, longest));
      assertThat(guard.apply(event(path, longest + "x")))
          .isEqualTo(event(path, "[redacted:free_text]"));
    }
    assertThat(guard.apply(event("request", Map.of(longest + "x", 1))).request())
        .hasToString("{[redacted:free_text]=1}");
    assertThat(guard.apply(event("comment", longest + "x")))
        .isEqualTo(event("comment", longest + "x"));
    assertThat(guard.apply(event("comment", longest + " " + EMAIL)))
        .isEqualTo(event("comment", MARKER));
  }

  @Test
  void guardingTwice_changesNothing() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    LabelledSet set = new LabelledSet(seed);
    for (int i = 0; i < 2_000; i++) {
      TelemetryEvent guarded = PhiGuard.redacting().apply(set.planted().event());

      assertThat(guard.apply(guarded)).as("telemetry.test.seed=%d", seed).isSameAs(guarded);
    }
    assertThat(guard.counts()).isEmpty();
  }

  @Test
  void paths_showNoKeyThatMayIdentifyAPerson() {
    guard.apply(
        event(
            "request",
            Map.of("Jane Doe", Map.of("notes", List.of(EMAIL)), "phone4155552671", "4155552671")));
    guard.apply(event("ssn 123456789", EMAIL));

    assertThat(guard.counts().keySet())
        .containsExactlyInAnyOrder(
            new PhiFinding(PhiRule.EMAIL, "request.*.notes"),
            new PhiFinding(PhiRule.PHONE, "request.phone"),
            new PhiFinding(PhiRule.SSN, "ssn"),
            new PhiFinding(PhiRule.EMAIL, "ssn"));
  }

  @Test
  void counts_areBounded_forAnyPaths() {
    List<String> words = List.of("notes", "data", "input", "items", "text", "answer");
    int sent = 0;
    for (String a : words) {
      for (String b : words) {
        for (String c : words) {
          for (String d : words) {
            guard.apply(event("request", Map.of(a, Map.of(b, Map.of(c, Map.of(d, EMAIL))))));
            sent++;
          }
        }
      }
    }

    Map<PhiFinding, Long> counts = guard.counts();

    assertThat(counts).hasSizeBetween(100, 600);
    assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(sent);
    assertThat(counts.get(new PhiFinding(PhiRule.EMAIL, "other"))).isGreaterThan(100);
  }

  @Test
  void pseudonyms_replaceUsersAndCases_whereverTheirKeysAre() {
    Pseudonyms pseudonyms = Pseudonyms.of("0123456789abcdef0123456789abcdef");
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.of(
                "event_id",
                "e-1",
                "timestamp",
                "2026-03-10T12:00:00Z",
                "user_id",
                EMAIL,
                "case_id",
                "4711",
                "request",
                Map.of("userId", EMAIL, "items", List.of(Map.of("case_id", 4711)))));

    for (PhiMode mode : PhiMode.values()) {
      PhiGuard pseudonymising = new PhiGuard(mode, pseudonyms);

      TelemetryEvent guarded = pseudonymising.apply(event);

      assertThat(guarded.userId()).isEqualTo(pseudonyms.user(EMAIL));
      assertThat(guarded.caseId()).isEqualTo(pseudonyms.caseOf("4711"));
      assertThat(guarded.request()).isNotNull();
      assertThat(guarded.request())
          .containsEntry("userId", pseudonyms.user(EMAIL))
          .containsEntry("items", List.of(Map.of("case_id", pseudonyms.caseOf("4711"))));
      assertThat(pseudonymising.counts()).isEmpty();
    }
  }

  @Test
  void pseudonyms_areHmacSha256OfFieldAndId() {
    Pseudonyms pseudonyms = Pseudonyms.of("0123456789abcdef0123456789abcdef");

    // Computed with Python's hmac.
    assertThat(pseudonyms.user("u1")).isEqualTo("user_0c82586cda759dec53c6de8abd2cd767");
    assertThat(pseudonyms.caseOf("u1")).isEqualTo("case_833dec977566d54ec50d33d550ceb9cc");
    assertThat(pseudonyms.user("\u00fc")).isEqualTo("user_206be4616e86ce5c8f653a2956c96615");
    assertThat(pseudonyms.fingerprint()).isEqualTo("key_4e8141408c0355a5d88eecab68d2f976");
    assertThat(pseudonyms).hasToString("Pseudonyms");
    assertThatThrownBy(() -> Pseudonyms.of("0123456789abcdef0123456789abcde"))
        .hasMessageContaining("32 bytes")
        .hasMessageNotContaining("0123456789abcde");
  }

  private static List<FieldFault> faults(PhiGuard guard, TelemetryEvent event) {
    return catchThrowableOfType(InvalidEventException.class, () -> guard.apply(event)).faults();
  }

  /** An event with a value at a path of one or two names. */
  private static TelemetryEvent event(String path, Object value) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_id", "e-1");
    event.put("timestamp", "2026-03-10T12:00:00Z");
    event.put("org_id", "clinic-7");
    int dot = path.indexOf('.');
    if (dot < 0) {
      event.put(path, value);
    } else {
      event.put(path.substring(0, dot), Map.of(path.substring(dot + 1), value));
    }
    return TelemetryEvent.fromMap(event);
  }
}
