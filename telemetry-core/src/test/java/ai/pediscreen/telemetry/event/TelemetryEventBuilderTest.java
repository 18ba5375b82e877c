package ai.pediscreen.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryEventBuilderTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00.123456789Z");

  @Test
  void everyField_hasAMethod_andIsReadBackEqual() {
    TelemetryEvent event =
        TelemetryEvent.builder(" e-1 ", NOW)
            .org("clinic-7")
            .app("triage")
            .user("u-1")
            .caseId("c-1")
            .model("medgemma-4b")
            .adapter("a-1")
            .provider("vertex")
            .model("quantised", true)
            .request(Map.of("task", "screen"))
            .latency(Duration.ofNanos(120_999_999))
            .status(503)
            .fallbackTo("gemini-flash")
            .errorCode("MODEL_UNAVAILABLE")
            .tokens(12, 34)
            .costUsd("0.0012")
            .region("eu")
            .agent("screener")
            .trace("t-1")
            .with("note", List.of("x", 1))
            .build();

    assertThat(event.toMap())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("event_id", "e-1"),
                Map.entry("timestamp", "2026-03-10T12:00:00.123456Z"),
                Map.entry("org_id", "clinic-7"),
                Map.entry("app", "triage"),
                Map.entry("user_id", "u-1"),
                Map.entry("case_id", "c-1"),
                Map.entry(
                    "model",
                    Map.of(
                        "model_id",
                        "medgemma-4b",
                        "adapter_id",
                        "a-1",
                        "provider",
                        "vertex",
                        "quantised",
                        true)),
                Map.entry("request", Map.of("task", "screen", "input_tokens", 12L)),
                Map.entry(
                    "response",
                    Map.of(
                        "latency_ms",
                        120L,
                        "status_code",
                        503,
                        "fallback_to",
                        "gemini-flash",
                        "error_code",
                        "MODEL_UNAVAILABLE",
                        "output_tokens",
                        34L)),
                Map.entry("cost_estimate_usd", new BigDecimal("0.0012")),
                Map.entry("region", "eu"),
                Map.entry("agent", "screener"),
                Map.entry("trace_id", "t-1"),
                Map.entry("note", List.of("x", 1))));
    assertThat(TelemetryEvent.fromMap(event.toMap())).isEqualTo(event);
  }

  @Test
  void blankTexts_areAbsent() {
    TelemetryEvent event =
        TelemetryEvent.builder("e", NOW).org(" ").app("").model("\u200b").errorCode("\t").build();

    assertThat(event)
        .isEqualTo(TelemetryEvent.fromMap(Map.of("event_id", "e", "timestamp", NOW.toString())));
    assertThat(event.model()).isNull();
  }

  @Test
  void values_outsideTheirRange_areRefusedByField() {
    assertThatIllegalArgumentException()
        .isThrownBy(TelemetryEvent.builder("e", NOW).latency(Duration.ofDays(2))::build)
        .withMessageStartingWith("response.latency_ms ");
    assertThatIllegalArgumentException()
        .isThrownBy(
            TelemetryEvent.builder("e", NOW).latency(Duration.ofSeconds(Long.MAX_VALUE))::build)
        .withMessageStartingWith("response.latency_ms ");
    assertThatIllegalArgumentException()
        .isThrownBy(TelemetryEvent.builder("e", NOW).latency(Duration.ofNanos(-1))::build)
        .withMessageStartingWith("response.latency_ms ");
    assertThatIllegalArgumentException()
        .isThrownBy(TelemetryEvent.builder("e", NOW).costUsd("1e-400")::build)
        .withMessageStartingWith("cost_estimate_usd ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TelemetryEvent.builder("e", NOW).tokens(-1, 0))
        .withMessageContaining("tokens");
  }

  /** What the Java types can hold and JSON, or a store, cannot. */
  static List<Object> unfit() {
    Map<Integer, String> numbered = Map.of(1, "x");
    return Arrays.asList(
        LocalDate.of(2026, 3, 10),
        Optional.of(1),
        Thread.currentThread(),
        new int[] {1},
        Double.NaN,
        "nul \u0000",
        numbered,
        List.of(Map.of("deep", Float.POSITIVE_INFINITY)),
        EventFaultsTest.nested(70));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void eventThatCannotBeReadBack_isRefused(Object value) {
    Map<String, Object> object = new HashMap<>(Map.of("x", value));
    TelemetryEvent good = TelemetryEvent.builder("e", NOW).build();

    refused("request", TelemetryEvent.builder("e", NOW).request(object)::build);
    refused("event", TelemetryEvent.builder("e", NOW).with("x", value)::build);
    refused("model", () -> new Model("m", null, null, object));
    refused("response", () -> new Response(null, 200, null, null, object));
    refused("response", TelemetryEvent.builder("e", NOW).response("x", value)::build);
    assertThat(good.additional()).isEmpty();
  }

  @Test
  void additionalFields_mayNotShadowAField() {
    refused("event", TelemetryEvent.builder("e", NOW).with("event_id", "f")::build);
    refused("event", TelemetryEvent.builder("e", NOW).with("model", null)::build);
    refused("model", TelemetryEvent.builder("e", NOW).model("provider", "x")::build);
    refused("response", TelemetryEvent.builder("e", NOW).response("status_code", 1)::build);
    Map<String, Object> ofResponse =
        TelemetryEvent.builder("e", NOW).response("model_id", "x").build().response().additional();
    refused("model", () -> new Model("m", null, null, ofResponse));
  }

  @Test
  void nesting_isCounted_whenAnObjectIsEmbedded() {
    Map<String, Object> deepest =
        TelemetryEvent.builder("e", NOW).with("x", EventFaultsTest.nested(63)).build().additional();

    refused("request", TelemetryEvent.builder("e", NOW).request(deepest)::build);
    refused("model", () -> new Model("m", null, null, deepest));
  }

  @Test
  void event_isIndependentOfItsBuilder() {
    List<Object> list = new ArrayList<>(List.of("a"));
    Map<String, @Nullable Object> inner = new HashMap<>(Map.of("k", list));
    TelemetryEvent event =
        TelemetryEvent.builder("e", NOW).request(Map.of("inner", inner)).with("list", list).build();

    list.add("b");
    inner.put("k2", 2);

    assertThat(event.request()).isEqualTo(Map.of("inner", Map.of("k", List.of("a"))));
    assertThat(event.additional()).isEqualTo(Map.of("list", List.of("a")));
  }

  @ParameterizedTest
  @CsvSource({
    "modle, model",
    "modell, model",
    "orgId, org_id",
    "cost_estimate_us, cost_estimate_usd",
    "respons, response",
    "latencyMs, response.latency_ms",
    "latency_ms, response.latency_ms",
    "status_code, response.status_code",
    "model_id, model.model_id"
  })
  void fromMap_refusesMisspeltFields_thatReadKeeps(String given, String meant) {
    Map<String, @Nullable Object> object =
        new HashMap<>(Map.of("event_id", "e", "timestamp", NOW.toString()));
    object.put(given, "x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TelemetryEvent.fromMap(object))
        .isInstanceOfSatisfying(
            InvalidEventException.class,
            e ->
                assertThat(e.faults())
                    .containsExactly(
                        new FieldFault(
                            meant, "is absent, but a field with a similar name is present")));
    assertThat(TelemetryEvent.read(object).event().additional()).containsKey(given);
  }

  @Test
  void fromMap_keepsUnknownFields_evenBesideASimilarOne() {
    Map<String, @Nullable Object> object =
        new HashMap<>(Map.of("event_id", "e", "timestamp", NOW.toString()));
    object.putAll(Map.of("map", 1, "status", 2, "latency", 3, "version", 4, "tier", 5));
    object.put("model", Map.of("model_id", "m", "model_ids", List.of("m")));
    object.put("models", 2);
    object.put("response", Map.of("latency", 1));

    assertThat(TelemetryEvent.fromMap(object).additional()).hasSize(6);
    object.put("response", Map.of("statusCode", 200));
    assertThatIllegalArgumentException().isThrownBy(() -> TelemetryEvent.fromMap(object));
  }

  @ParameterizedTest
  @ValueSource(strings = {"latency_ms", "latencyMs", "status_code", "modelId", "regoin", "", " "})
  void builder_refusesTheNamesThatFromMapRefuses(String name) {
    Map<String, Object> object = Map.of("event_id", "e", "timestamp", NOW.toString(), name, 1);
    TelemetryEventBuilder builder = TelemetryEvent.builder("e", NOW).with(name, 1);

    InvalidEventException read =
        catchThrowableOfType(InvalidEventException.class, () -> TelemetryEvent.fromMap(object));
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            InvalidEventException.class,
            e -> assertThat(e.faults()).isNotEmpty().isEqualTo(read.faults()));
  }

  @Test
  void builder_refusesBlankAndMisspeltNames_ofModelAndResponseToo() {
    refused("model", TelemetryEvent.builder("e", NOW).model(" ", 1)::build);
    refused("response", TelemetryEvent.builder("e", NOW).response("", 1)::build);
    refused("model.model_id", TelemetryEvent.builder("e", NOW).model("modelId", 1)::build);
    refused(
        "response.latency_ms", TelemetryEvent.builder("e", NOW).response("latencyMs", 1)::build);
  }

  @Test
  void cost_isANumberOrAbsent() {
    assertThat(TelemetryEvent.builder("e", NOW).costUsd((String) null).build().costUsd()).isNull();
    assertThat(TelemetryEvent.builder("e", NOW).costUsd(" ").build().costUsd()).isNull();
    assertThat(TelemetryEvent.builder("e", NOW).costUsd(" 0.5 ").build().costUsd())
        .isEqualByComparingTo("0.5");
    refused("cost_estimate_usd", () -> TelemetryEvent.builder("e", NOW).costUsd("abc"));
  }

  private static void refused(String field, Runnable making) {
    assertThatIllegalArgumentException()
        .isThrownBy(making::run)
        .withMessageStartingWith(field + " ");
  }
}
