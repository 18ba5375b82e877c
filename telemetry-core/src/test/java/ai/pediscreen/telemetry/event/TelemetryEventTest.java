package ai.pediscreen.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract's Event section accepts and derives, phrase by phrase; {@link EventFaultsTest}
 * has what it refuses and {@link TimestampsTest} the forms of a timestamp.
 */
class TelemetryEventTest {

  @Test
  @DisplayName("contract: \"`event_id` | required string\", \"`timestamp` | required\"")
  void fromMap_leavesAllElseAbsent_whenOnlyTheRequiredFieldsAreThere() {
    TelemetryEvent event =
        TelemetryEvent.fromMap(Map.of("event_id", "e-1", "timestamp", "2026-03-10T12:00:00Z"));

    assertThat(event)
        .isEqualTo(EventBuilder.event("e-1").at("2026-03-10T12:00:00Z").status(null).build());
    assertThat(event.response()).isEqualTo(Response.UNKNOWN);
    assertThat(event.model()).isNull();
    assertThat(event.request()).isNull();
  }

  @ParameterizedTest
  @DisplayName(
      "contract: \"`org_id` `app` `user_id` `case_id` | optional string, ≤ 128\","
          + " \"`region` `agent` `trace_id` | optional string, ≤ 128\"")
  @ValueSource(strings = {"org_id", "app", "user_id", "case_id", "region", "agent", "trace_id"})
  void fromMap_takesTexts_whenTheyAreAtMost128Characters(String field) {
    String longest = "🙂".repeat(128);

    assertThat(with(field, longest).toMap()).containsEntry(field, longest);
    assertThat(with(field, "x").toMap()).containsEntry(field, "x");
    assertThat(with(field, "\u0001\t\n\u007f").toMap()).containsEntry(field, "\u0001\t\n\u007f");
  }

  @Test
  void fromMap_putsEachFieldInItsPlace_whenAllAreThere() {
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            map(
                "event_id", "1",
                "timestamp", "2026-03-10T12:00:00Z",
                "org_id", "2",
                "app", "3",
                "user_id", "4",
                "case_id", "5",
                "model", map("model_id", "6", "adapter_id", "7", "provider", "8", "version", "9"),
                "request", map("tokens", 10),
                "response",
                    map(
                        "latency_ms", 11,
                        "status_code", 12,
                        "fallback_to", "13",
                        "error_code", "14",
                        "tokens", 15),
                "cost_estimate_usd", 16,
                "region", "17",
                "agent", "18",
                "trace_id", "19",
                "extra", "20"));

    assertThat(event)
        .isEqualTo(
            new TelemetryEvent(
                "1",
                Instant.parse("2026-03-10T12:00:00Z"),
                "2",
                "3",
                "4",
                "5",
                new Model("6", "7", "8", Map.of("version", "9")),
                Map.of("tokens", 10),
                new Response(11L, 12, "13", "14", Map.of("tokens", 15)),
                new BigDecimal("16"),
                "17",
                "18",
                "19",
                Map.of("extra", "20")));
  }

  @Test
  @DisplayName("contract: \"1–128 characters\": characters are code points")
  void fromMap_takesAnEventId_whenItHas128CodePoints() {
    String longest = "🙂".repeat(128);

    assertThat(with("event_id", longest).eventId()).isEqualTo(longest);
    assertThat(with("event_id", "e").eventId()).isEqualTo("e");
  }

  @Test
  @DisplayName(
      "contract: \"`model` | optional object: `model_id` ≤ 256, `adapter_id` ≤ 256, `provider` ≤"
          + " 64, anything else kept\"")
  void fromMap_keepsAModel_whenItsTextsAreAsLongAsAllowed() {
    Map<String, @Nullable Object> model =
        map(
            "model_id", "🧠".repeat(256),
            "adapter_id", "é".repeat(256),
            "provider", "🙂".repeat(64),
            "quantised", true,
            "layers", list(1, null, 2.5));

    assertThat(with("model", model).toMap()).containsEntry("model", model);
    assertThat(with("model", map()).model()).isEqualTo(new Model(null, null, null, Map.of()));
  }

  @Test
  @DisplayName("contract: \"`request` | optional object, kept as it came\"")
  void fromMap_keepsTheRequest_whateverItHolds() {
    Map<String, @Nullable Object> request =
        map("b", null, "a", list("", null, map("x", -1.5e300)), "", map(), "n", 0);

    assertThat(with("request", request).request()).isEqualTo(request);
    assertThat(List.copyOf(with("request", request).toMap().keySet()))
        .containsExactly("event_id", "timestamp", "request", "response");
  }

  @ParameterizedTest
  @DisplayName("contract: \"`latency_ms` number ≥ 0, ≤ 86 400 000, fraction cut\"")
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "0.999, 0",
    "12, 12",
    "12.5, 12",
    "12.999999999999999999999, 12",
    "1.5e3, 1500",
    "1e-300, 0",
    "86400000, 86400000",
    "86399999.9, 86399999",
  })
  void fromMap_cutsTheLatency_whenItHasAFraction(BigDecimal given, long expected) {
    assertThat(withResponse("latency_ms", given).response().latencyMillis()).isEqualTo(expected);
  }

  @Test
  @DisplayName("contract: \"`latency_ms` number\", whatever class a decoder gives a number")
  void fromMap_takesAnyNumberClass_whenItsValueIsRight() {
    assertThat(list((byte) 12, (short) 12, 12, 12L, 12f, 12d, BigInteger.valueOf(12)))
        .allSatisfy(
            number -> {
              assertThat(withResponse("latency_ms", number).response().latencyMillis())
                  .isEqualTo(12);
              assertThat(withResponse("status_code", number).response().statusCode()).isEqualTo(12);
              assertThat(with("cost_estimate_usd", number).costUsd()).isEqualByComparingTo("12");
              assertThat(with("extra", number).additional()).containsEntry("extra", number);
            });
  }

  @ParameterizedTest
  @DisplayName("contract: \"`status_code` integer 0–999\": 200.0 is one")
  @CsvSource({"0, 0", "200, 200", "200.0, 200", "2e2, 200", "0.00, 0", "999, 999", "999.000, 999"})
  void fromMap_takesAStatusCode_whenItsValueIsAnInteger(BigDecimal given, int expected) {
    assertThat(withResponse("status_code", given).response().statusCode()).isEqualTo(expected);
    assertThat(withResponse("status_code", given.doubleValue()).response().statusCode())
        .isEqualTo(expected);
  }

  @Test
  @DisplayName(
      "contract: \"`fallback_to` string ≤ 256; `error_code` string ≤ 128; anything else kept\"")
  void fromMap_keepsAResponse_whenItsTextsAreAsLongAsAllowed() {
    Map<String, @Nullable Object> response =
        map(
            "fallback_to", "🙂".repeat(256),
            "error_code", "🙂".repeat(128),
            "tokens", map("in", 5, "out", 7));

    assertThat(with("response", response).toMap()).containsEntry("response", response);
  }

  @ParameterizedTest
  @DisplayName(
      "contract: \"`cost_estimate_usd` | optional number, or numeric string, 0 … 1 000 000\"")
  @ValueSource(
      strings = {
        "0",
        "0.1",
        "0.000000000000000000000000000001",
        "1000000",
        "1000000.000",
        "1e-300",
        "5E+3",
      })
  void fromMap_keepsTheExactDecimal_whenACostIsANumberOrANumericString(String cost) {
    assertThat(with("cost_estimate_usd", cost).costUsd()).isEqualTo(new BigDecimal(cost));
    assertThat(with("cost_estimate_usd", " +" + cost + " ").costUsd())
        .isEqualTo(new BigDecimal(cost));
    assertThat(with("cost_estimate_usd", new BigDecimal(cost)).costUsd())
        .isEqualTo(new BigDecimal(cost));
  }

  @Test
  @DisplayName("contract: \"`cost_estimate_usd` | optional number\": a double means what it shows")
  void fromMap_readsADoubleCost_asItsShortestDecimal() {
    assertThat(with("cost_estimate_usd", 0.1).costUsd()).isEqualTo(new BigDecimal("0.1"));
    assertThat(with("cost_estimate_usd", 0.1f).costUsd()).isEqualTo(new BigDecimal("0.1"));
    assertThat(with("cost_estimate_usd", -0.0).costUsd()).isEqualByComparingTo("0");
  }

  @Test
  @DisplayName("contract: \"anything else | kept in the stored payload\"")
  void read_keepsUnknownFields_whateverTheyHold() {
    Map<String, @Nullable Object> source = minimal();
    source.put("z", null);
    source.put("a", map("latency_ms", "not a latency"));
    source.put("", list(list()));
    source.put("Event_Id", 1);
    source.put("model_id", false);

    Map<String, @Nullable Object> kept = new LinkedHashMap<>(source);
    kept.remove("event_id");
    kept.remove("timestamp");
    TelemetryEvent event = TelemetryEvent.read(source).event();

    assertThat(event.additional()).isEqualTo(kept);
    assertThat(List.copyOf(event.additional().keySet()))
        .containsExactly("z", "a", "", "Event_Id", "model_id");
    assertThat(event.toMap()).containsAllEntriesOf(kept);
    assertThat(event.modelId()).isNull();
  }

  @Test
  @DisplayName("contract: \"Null and absent mean the same\"")
  void fromMap_equalsAbsence_whenOptionalFieldsAreNull() {
    Map<String, @Nullable Object> nulls = minimal();
    for (String field :
        List.of("org_id", "app", "user_id", "case_id", "region", "agent", "trace_id", "model")) {
      nulls.put(field, null);
    }
    nulls.put("request", null);
    nulls.put("cost_estimate_usd", null);
    nulls.put("response", null);
    assertThat(TelemetryEvent.fromMap(nulls)).isEqualTo(TelemetryEvent.fromMap(minimal()));

    Map<String, @Nullable Object> inside = minimal();
    inside.put("model", map("model_id", null, "adapter_id", null, "provider", null));
    inside.put(
        "response",
        map("latency_ms", null, "status_code", null, "fallback_to", null, "error_code", null));
    Map<String, @Nullable Object> empty = minimal();
    empty.put("model", map());
    empty.put("response", map());
    assertThat(TelemetryEvent.fromMap(inside)).isEqualTo(TelemetryEvent.fromMap(empty));
  }

  @ParameterizedTest
  @DisplayName("contract: \"a blank optional string is absent\"")
  @ValueSource(strings = {"", " ", "\t\r\n", "\u2003"})
  void fromMap_equalsAbsence_whenOptionalTextsAreBlank(String blank) {
    Map<String, @Nullable Object> blanks = minimal();
    for (String field :
        List.of("org_id", "app", "user_id", "case_id", "region", "agent", "trace_id")) {
      blanks.put(field, blank.repeat(200));
    }
    blanks.put("cost_estimate_usd", blank);
    blanks.put("model", map("model_id", blank, "adapter_id", blank, "provider", blank));
    blanks.put("response", map("fallback_to", blank, "error_code", blank));
    Map<String, @Nullable Object> empty = minimal();
    empty.put("model", map());

    assertThat(TelemetryEvent.fromMap(blanks)).isEqualTo(TelemetryEvent.fromMap(empty));
    assertThat(TelemetryEvent.fromMap(blanks).isFallback()).isFalse();
  }

  @Test
  @DisplayName("contract: \"nesting over 64 … refused\": 64 levels are kept")
  void fromMap_keepsAnEvent_whenItIsNested64LevelsDeep() {
    assertThat(with("extra", EventFaultsTest.nested(63)).additional()).containsKey("extra");
    assertThat(with("request", map("x", EventFaultsTest.nested(62))).request()).containsKey("x");
    assertThat(with("model", map("x", EventFaultsTest.nested(62))).model()).isNotNull();
    assertThat(withResponse("x", EventFaultsTest.nested(62)).response().additional())
        .containsKey("x");
  }

  @ParameterizedTest
  @DisplayName("contract: \"**error** = `status_code` is missing or outside 200–299\"")
  @CsvSource({
    ", true, unknown",
    "0, true, http_0",
    "199, true, http_199",
    "200, false,",
    "299, false,",
    "300, true, http_300",
    "503, true, http_503",
    "999, true, http_999",
  })
  void isError_followsTheStatusCode(
      @Nullable Integer status, boolean error, @Nullable String reason) {
    EventBuilder event = EventBuilder.event("e").status(status);
    assertThat(event.build().isError()).isEqualTo(error);
    assertThat(event.build().errorReason()).isEqualTo(reason);
    assertThat(event.errorCode("E").build().isError()).isEqualTo(error);
    assertThat(event.errorCode("E").build().errorReason()).isEqualTo(error ? "E" : null);
  }

  @Test
  @DisplayName("contract: \"**fallback** = `fallback_to` is present\"")
  void isFallback_followsFallbackTo() {
    assertThat(withResponse("fallback_to", "rules").isFallback()).isTrue();
    assertThat(withResponse("status_code", 500).isFallback()).isFalse();
  }

  @Test
  void day_isTheUtcDay_whateverTheOffsetOrTheJvmsZone() {
    assertThat(with("timestamp", "2026-03-10T23:30:00-02:00").day())
        .isEqualTo(LocalDate.parse("2026-03-11"));
    assertThat(with("timestamp", "2026-03-10T00:00:00Z").day())
        .isEqualTo(LocalDate.parse("2026-03-10"));
  }

  /** A valid event in which one field is set or replaced. */
  private static TelemetryEvent with(String field, @Nullable Object value) {
    Map<String, @Nullable Object> object = minimal();
    object.put(field, value);
    return TelemetryEvent.fromMap(object);
  }

  private static TelemetryEvent withResponse(String field, @Nullable Object value) {
    return with("response", map(field, value));
  }

  private static Map<String, @Nullable Object> minimal() {
    return map("event_id", "e-1", "timestamp", "2026-03-10T12:00:00Z");
  }

  /** A map of names and values in turn; unlike {@link Map#of} it takes nulls and keeps order. */
  static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return map;
  }

  /** A list of values of any type; nulls too. */
  static List<@Nullable Object> list(@Nullable Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }
}
