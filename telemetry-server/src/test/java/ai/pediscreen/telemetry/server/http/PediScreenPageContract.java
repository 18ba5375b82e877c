package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PediScreen's own web page, unchanged: what it asks, as it asks, and every field that it reads
 * with the type that it takes it for.
 */
public abstract class PediScreenPageContract extends KeyedContract {

  private static final JsonNodeType NUMBER = JsonNodeType.NUMBER;
  private static final JsonNodeType STRING = JsonNodeType.STRING;
  private static final JsonNodeType BOOLEAN = JsonNodeType.BOOLEAN;
  private static final String ORIGIN = "https://pediscreen.example";
  private static final List<String> RANGES = List.of("1h", "24h", "7d", "30d", "90d");

  @Test
  @DisplayName("`GET {base}/functions/v1/telemetry` with header `apikey`, after a CORS preflight")
  void browser_isAllowedByCors() {
    Answer preflight =
        send(
            "OPTIONS",
            "/functions/v1/telemetry?action=overview&range=7d",
            BodyPublishers.noBody(),
            "Origin",
            ORIGIN,
            "Access-Control-Request-Method",
            "GET",
            "Access-Control-Request-Headers",
            "apikey,authorization,content-type");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).contains(ORIGIN);
    assertThat(preflight.header("access-control-allow-methods").orElse("")).contains("GET");
    assertThat(preflight.header("access-control-allow-headers").orElse("").split(", "))
        .contains("apikey", "authorization", "content-type");
    Answer answer =
        as(keyOf(Visitor.READ_ONLY), "/functions/v1/telemetry?action=overview", "Origin", ORIGIN);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("access-control-allow-origin")).contains(ORIGIN);
    assertThat(get("/functions/v1/telemetry?action=overview", "Origin", ORIGIN).status())
        .isEqualTo(401);
  }

  @Test
  @DisplayName("overview: every field, also without any event")
  void overview_hasTheFieldsThatThePageReads() {
    for (String range : RANGES) {
      JsonNode empty = ask("overview", range);
      assertOverview(empty);
      assertThat(empty.path("last_used").isNull()).isTrue();
      assertThat(empty.path("top_model").isNull()).isTrue();
    }
    postOneOfEach();
    for (String range : RANGES) {
      JsonNode filled = ask("overview", range);
      assertOverview(filled);
      assertTypes(filled, Map.of("last_used", STRING));
      assertTypes(filled.path("top_model"), Map.of("model_id", STRING, "calls", NUMBER));
    }
  }

  @Test
  @DisplayName(
      "models[].{provider,error_rate,fallback_rate,cost_estimate_usd,adapters[],last_used}, also"
          + " when empty")
  void models_haveTheFieldsThatThePageReads() {
    assertThat(ask("models", "7d").path("models").isArray()).isTrue();
    assertThat(ask("models", "7d").path("models")).isEmpty();
    postOneOfEach();

    JsonNode models = ask("models", "7d").path("models");
    assertThat(models).hasSize(2);
    for (JsonNode model : models) {
      assertTypes(
          model,
          Map.of(
              "calls",
              NUMBER,
              "avg_latency_ms",
              NUMBER,
              "error_rate",
              NUMBER,
              "fallback_rate",
              NUMBER,
              "fallback_count",
              NUMBER,
              "cost_estimate_usd",
              NUMBER,
              "adapters",
              JsonNodeType.ARRAY,
              "last_used",
              STRING));
      assertThat(model.has("provider")).isTrue();
    }
    JsonNode named =
        models.findParents("adapters").stream()
            .filter(model -> !model.path("adapters").isEmpty())
            .findFirst()
            .orElseThrow();
    assertTypes(named, Map.of("model_id", STRING, "provider", STRING));
    assertThat(named.at("/adapters/0").getNodeType()).isEqualTo(STRING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"errors", "fallbacks"})
  @DisplayName("errors[], fallbacks[], reason_summary, also when empty")
  void lists_haveTheFieldsThatThePageReads(String action) {
    String summary = action.equals("errors") ? "error_summary" : "reason_summary";
    JsonNode empty = ask(action, "24h");
    assertThat(empty.path(action).isArray()).isTrue();
    assertThat(empty.path(action)).isEmpty();
    assertTypes(empty, Map.of(summary, JsonNodeType.OBJECT, "total", NUMBER));
    postOneOfEach();

    JsonNode filled = ask(action, "24h");
    assertThat(filled.path(action)).hasSize(1);
    JsonNode one = filled.path(action).get(0);
    assertTypes(
        one,
        Map.of(
            "id",
            STRING,
            "timestamp",
            STRING,
            "model_id",
            STRING,
            "fallback_reason",
            STRING,
            "latency_ms",
            NUMBER,
            "trace_id",
            STRING));
    assertThat(filled.path(summary)).hasSize(1);
    assertThat(filled.path(summary).elements().next().getNodeType()).isEqualTo(NUMBER);
    if (action.equals("errors")) {
      assertTypes(one, Map.of("error_code", STRING, "status_code", NUMBER));
    } else {
      assertTypes(one, Map.of("screening_id", STRING));
    }
  }

  @Test
  @DisplayName("no blank row, no empty badge; the same answers elsewhere keep their nulls")
  void unnamedFields_areUnknown_onThePageOnly() {
    ObjectNode nameless = event("e-1");
    nameless.putObject("response").put("fallback_to", "rules");
    String key = keyOf(Visitor.INGEST_ONLY);
    assertThat(post(nameless.toString(), "apikey", key).status()).isEqualTo(202);

    JsonNode model = ask("models", "7d").at("/models/0");
    assertThat(model.path("model_id").textValue()).isEqualTo("unknown");
    assertThat(model.path("provider").textValue()).isEqualTo("unknown");
    JsonNode error = ask("errors", "7d").at("/errors/0");
    assertTypes(error, Map.of("model_id", STRING, "error_code", STRING, "status_code", NUMBER));
    assertThat(ask("fallbacks", "7d").at("/fallbacks/0/model_id").textValue()).isEqualTo("unknown");
    String reader = keyOf(Visitor.READ_ONLY);
    assertThat(
            as(reader, "/functions/v1/metrics_dashboard")
                .json()
                .at("/ai_telemetry/model_breakdown/0/model_id")
                .textValue())
        .isEqualTo("unknown");
    assertThat(as(reader, "/telemetry?action=models").json().at("/models/0/model_id").isNull())
        .isTrue();
    assertThat(as(reader, "/telemetry?action=errors").json().at("/errors/0/status_code").isNull())
        .isTrue();
  }

  private static void assertOverview(JsonNode overview) {
    assertTypes(
        overview,
        Map.of(
            "active_connection",
            BOOLEAN,
            "total_requests",
            NUMBER,
            "success_count",
            NUMBER,
            "error_count",
            NUMBER,
            "fallback_count",
            NUMBER,
            "avg_latency_ms",
            NUMBER,
            "p95_latency_ms",
            NUMBER,
            "total_cost_usd",
            NUMBER,
            "number_of_models",
            NUMBER,
            "timeseries",
            JsonNodeType.ARRAY));
    assertTypes(
        overview.path("latency_histogram"),
        Map.of(
            "le_50", NUMBER, "le_100", NUMBER, "le_250", NUMBER, "le_500", NUMBER, "le_1000",
            NUMBER, "le_2000", NUMBER, "le_5000", NUMBER, "le_inf", NUMBER));
    assertTypes(
        overview.path("alerts"),
        Map.of(
            "p95_latency_above_2s",
            BOOLEAN,
            "error_rate_above_1pct",
            BOOLEAN,
            "fallback_rate_above_5pct",
            BOOLEAN,
            "psi_drift_detected",
            BOOLEAN));
    assertThat(overview.path("timeseries")).isNotEmpty();
    assertTypes(
        overview.at("/timeseries/0"),
        Map.of("date", STRING, "calls", NUMBER, "errors", NUMBER, "fallbacks", NUMBER));
    assertThat(overview.has("drift")).isTrue();
  }

  private static void assertTypes(JsonNode object, Map<String, JsonNodeType> types) {
    types.forEach(
        (field, type) ->
            assertThat(object.path(field).getNodeType())
                .as(field + " in " + object)
                .isEqualTo(type));
  }

  private JsonNode ask(String action, String range) {
    Answer answer =
        as(
            keyOf(Visitor.READ_ONLY),
            "/functions/v1/telemetry?action=" + action + "&range=" + range);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  /** A call that failed and fell back, and one that names nothing. */
  private void postOneOfEach() {
    ObjectNode event = called("e-1", "m-1").put("trace_id", "t-1").put("case_id", "c-1");
    event.put("cost_estimate_usd", 0.25);
    event.withObject("/model").put("provider", "p").put("adapter_id", "a");
    event
        .withObject("/response")
        .put("status_code", 503)
        .put("error_code", "TIMEOUT")
        .put("fallback_to", "rules");
    String key = keyOf(Visitor.INGEST_ONLY);
    assertThat(post(event.toString(), "apikey", key).status()).isEqualTo(202);
    assertThat(post(event("e-2").toString(), "apikey", key).status()).isEqualTo(202);
  }
}
