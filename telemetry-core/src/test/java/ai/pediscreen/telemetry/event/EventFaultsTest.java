package ai.pediscreen.telemetry.event;

import static ai.pediscreen.telemetry.event.TelemetryEventTest.list;
import static ai.pediscreen.telemetry.event.TelemetryEventTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the contract's Event section refuses, phrase by phrase, and how. */
class EventFaultsTest {

  private static final String LONE_HIGH = "a\ud83d";
  private static final String LONE_LOW = "\ude42a";
  private static final String SECRET = "Ada-Lovelace-1815";

  static Stream<Arguments> refused() {
    List<Arguments> cases = new ArrayList<>();
    // "`event_id` | required string, 1–128 characters, no control characters"
    add(cases, "event_id", "is required", list((Object) null));
    add(cases, "event_id", "must be a string", list(12, true, list("e"), map("e", 1)));
    add(cases, "event_id", "must be 1 to 128 characters long", list("", "🙂".repeat(129)));
    add(
        cases,
        "event_id",
        "must not contain control characters",
        list("a\nb", "\t", "\u0000", "a\u001f", "a\u007f", "a\u0085"));
    add(cases, "event_id", "must not contain a lone surrogate", list(LONE_HIGH, LONE_LOW));
    // "`timestamp` | required; ISO-8601 …, or a number / numeric string …; Years 2000–2199"
    add(cases, "timestamp", "is required", list((Object) null));
    add(
        cases,
        "timestamp",
        "must be an ISO-8601 date and time, or Unix seconds or milliseconds, in the years 2000 to 2199",
        list("", "yesterday", "1999-12-31", 12, true, list(), Double.NaN, LONE_HIGH));
    // "optional string, ≤ 128"
    for (String field :
        List.of("org_id", "app", "user_id", "case_id", "region", "agent", "trace_id")) {
      addText(cases, field, 128);
    }
    // "`model` | optional object: `model_id` ≤ 256, `adapter_id` ≤ 256, `provider` ≤ 64"
    add(cases, "model", "must be an object", list("m", 1, false, list()));
    addText(cases, "model.model_id", 256);
    addText(cases, "model.adapter_id", 256);
    addText(cases, "model.provider", 64);
    // "`request` | optional object"
    add(cases, "request", "must be an object", list("", 0, true, list(map())));
    // "`response` | optional object"
    add(cases, "response", "must be an object", list("", 200, true, list(map())));
    // "`latency_ms` number ≥ 0, ≤ 86 400 000"; "`"12"` is no latency, `true` no number"
    add(
        cases,
        "response.latency_ms",
        "must be a number between 0 and 86400000",
        list("12", "", true, list(12), -1, -0.001, 86_400_001, new BigDecimal("86400000.1")));
    add(
        cases,
        "response.latency_ms",
        "must be a number between 0 and 86400000",
        list(Double.NaN, Double.POSITIVE_INFINITY, 1e300, new BigDecimal("1e-400")));
    // "`status_code` integer 0–999"
    add(
        cases,
        "response.status_code",
        "must be an integer between 0 and 999",
        list("200", true, 200.5, -1, 1000, new BigDecimal("999.01"), 1e18, Double.NaN, map()));
    // "`fallback_to` string ≤ 256; `error_code` string ≤ 128"
    addText(cases, "response.fallback_to", 256);
    addText(cases, "response.error_code", 128);
    // "`cost_estimate_usd` | optional number, or numeric string, 0 … 1 000 000"
    add(
        cases,
        "cost_estimate_usd",
        "must be a number between 0 and 1000000",
        list("free", "1,5", "0x10", "1_0", "NaN", "Infinity", "1e", ".", "٣", "1d", "--1"));
    add(
        cases,
        "cost_estimate_usd",
        "must be a number between 0 and 1000000",
        list(
            true,
            list(),
            -0.01,
            "-1",
            1_000_000.01,
            "1000001",
            "1e999",
            "1e-400",
            "1e9999",
            "0e-1075"));
    // "NUL, lone surrogates, NaN/Infinity, numbers that do not fit a double … are refused"
    for (String field : List.of("event", "request", "model", "response")) {
      addKept(cases, field);
    }
    // "nesting over 64"
    String tooDeep = "must not be nested over 64 levels";
    cases.add(Arguments.of("event", tooDeep, minimal("extra", nested(64))));
    cases.add(Arguments.of("event", tooDeep, minimal("extra", nested(100_000))));
    for (String field : List.of("request", "model", "response")) {
      cases.add(Arguments.of(field, tooDeep, minimal(field, map("x", nested(63)))));
      cases.add(Arguments.of(field, tooDeep, minimal(field, map("x", map("y", nested(62))))));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("contract: \"A wrong type is refused, never guessed\", and all else that is refused")
  @MethodSource("refused")
  void fromMap_reportsTheFault_whenOneFieldBreaksARule(
      String field, String message, Map<String, @Nullable Object> object) {
    assertThat(faults(object)).containsExactly(new FieldFault(field, message));
  }

  @Test
  @DisplayName("contract, Errors: \"all of an event's faults at once\"")
  void fromMap_reportsEveryFaultInTheContractsOrder_whenAllFieldsBreakRules() {
    Map<String, @Nullable Object> object = map("zz", Double.NaN, "trace_id", 1, "agent", 1);
    object.putAll(map("region", 1, "cost_estimate_usd", -1, "request", 1, "event_id", 1));
    object.put(
        "response",
        map("error_code", 1, "fallback_to", 1, "status_code", "1", "latency_ms", "1", "x", "\0"));
    object.put("model", map("provider", 1, "adapter_id", 1, "model_id", 1, "x", Double.NaN));
    object.putAll(map("case_id", 1, "user_id", 1, "app", 1, "org_id", 1));

    assertThat(faults(object))
        .extracting(FieldFault::field)
        .containsExactly(
            "event_id",
            "timestamp",
            "org_id",
            "app",
            "user_id",
            "case_id",
            "model.model_id",
            "model.adapter_id",
            "model.provider",
            "model",
            "request",
            "response.latency_ms",
            "response.status_code",
            "response.fallback_to",
            "response.error_code",
            "response",
            "cost_estimate_usd",
            "region",
            "agent",
            "trace_id",
            "event");
  }

  @Test
  @DisplayName("contract, Errors: \"never the refused value\", nor a key that the sender chose")
  void faults_holdNeitherValueNorKey_whenEitherIsSecret() {
    String tooLong = SECRET.repeat(20);
    String nul = SECRET + "\0";
    List<Map<String, @Nullable Object>> objects =
        List.of(
            map("event_id", tooLong, "timestamp", SECRET, "org_id", tooLong, "app", nul),
            map("event_id", nul, "timestamp", tooLong, SECRET, Double.NaN),
            minimal(nul, 1),
            minimal(SECRET, map(SECRET, LONE_HIGH)),
            minimal("request", map(nul, 1)),
            minimal("request", SECRET),
            minimal("model", map("model_id", tooLong, SECRET, nul)),
            minimal("response", map("latency_ms", SECRET, "status_code", SECRET, SECRET, nul)),
            minimal("cost_estimate_usd", SECRET));

    for (Map<String, @Nullable Object> object : objects) {
      InvalidEventException refused = refusal(object);
      assertThat(refused).hasNoCause();
      assertThat(refused.faults()).isNotEmpty();
      assertThat(refused.getMessage() + refused + refused.faults()).doesNotContain("Ada");
    }
  }

  @Test
  void message_namesEveryFault_whenPrinted() {
    assertThat(refusal(map("event_id", "")))
        .hasMessage("event_id must be 1 to 128 characters long; timestamp is required");
  }

  @Test
  void fromMap_refuses_whenAMapHasKeysThatAreNoStrings() {
    Map<Object, Object> oddKeys = new HashMap<>(Map.of(1, "x"));

    assertThat(faults(minimal("request", oddKeys)))
        .containsExactly(new FieldFault("request", "must have strings as keys"));
    assertThat(faults(minimal("extra", oddKeys)))
        .containsExactly(new FieldFault("event", "must have strings as keys"));
    assertThat(faults(minimal("extra", new Object())))
        .containsExactly(
            new FieldFault("event", "must hold only JSON values, not java.lang.Object"));
  }

  @Test
  void exception_refusesToBeEmpty_whenThereIsNoFault() {
    assertThatThrownBy(() -> new InvalidEventException(List.of()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("faults must not be empty");
  }

  /** Lists in lists, so many levels deep. */
  static Object nested(int levels) {
    Object value = "core";
    for (int i = 0; i < levels; i++) {
      value = Collections.singletonList(value);
    }
    return value;
  }

  private static void addText(List<Arguments> cases, String field, int maxLength) {
    add(cases, field, "must be a string", list(1, 1.5, true, list("x"), map("x", "y")));
    add(
        cases,
        field,
        "must be at most " + maxLength + " characters long",
        list("x".repeat(maxLength + 1), "🙂".repeat(maxLength + 1)));
    add(cases, field, "must not contain the character NUL", list("\0", "a\0b"));
    add(cases, field, "must not contain a lone surrogate", list(LONE_HIGH, LONE_LOW));
  }

  /** Values that JSON or a store cannot hold, in a part that is otherwise kept as it came. */
  private static void addKept(List<Arguments> cases, String field) {
    Map<String, List<@Nullable Object>> valuesByMessage =
        Map.of(
            "must not contain the character NUL",
            list("\0", list("a", "b\0"), map("k\0", 1), map("k", map("\0", 1))),
            "must not contain a lone surrogate",
            list(LONE_HIGH, LONE_LOW, "\ude42\ud83d", map(LONE_LOW, 1), list(LONE_HIGH)),
            "must hold only finite numbers, not NaN or infinity",
            list(Double.NaN, Float.NEGATIVE_INFINITY, list(Double.POSITIVE_INFINITY)),
            "must hold only numbers that fit a double",
            list(
                new BigDecimal("1e999"),
                map("deep", list(new BigDecimal("-1e-400"))),
                new BigDecimal("0e-1075"),
                new BigDecimal("0e309"),
                new BigDecimal("1e999999999"),
                BigInteger.TEN.pow(400)));
    valuesByMessage.forEach(
        (message, values) -> {
          for (@Nullable Object value : values) {
            Map<String, @Nullable Object> object =
                field.equals("event") ? minimal("extra", value) : minimal(field, map("x", value));
            cases.add(Arguments.of(field, message, object));
          }
        });
  }

  /** One case for each value of a field, which may lie in an object. */
  private static void add(
      List<Arguments> cases,
      String field,
      String message,
      List<? extends @Nullable Object> values) {
    int dot = field.indexOf('.');
    for (@Nullable Object value : values) {
      Map<String, @Nullable Object> object =
          dot < 0
              ? minimal(field, value)
              : minimal(field.substring(0, dot), map(field.substring(dot + 1), value));
      cases.add(Arguments.of(field, message, object));
    }
  }

  private static Map<String, @Nullable Object> minimal(String field, @Nullable Object value) {
    Map<String, @Nullable Object> object =
        map("event_id", "e-1", "timestamp", "2026-03-10T12:00:00Z");
    object.put(field, value);
    return object;
  }

  private static List<FieldFault> faults(Map<String, @Nullable Object> object) {
    return refusal(object).faults();
  }

  private static InvalidEventException refusal(Map<String, @Nullable Object> object) {
    return catchThrowableOfType(InvalidEventException.class, () -> TelemetryEvent.fromMap(object));
  }
}
