package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's section "Errors", line by line. The names of tests quote it. */
public abstract class ErrorsContract extends HttpContract {

  @Test
  @DisplayName(
      "`application/problem+json`: RFC 9457 members and `error_code`, `message`, `trace_id`,"
          + " `timestamp`")
  void everyError_isAProblem() {
    for (Answer answer :
        List.of(
            get("/telemetry?action=x", "x-request-id", "r-1"),
            get("/nowhere", "x-request-id", "r-1"),
            get("/events", "x-request-id", "r-1"),
            post("{", "x-request-id", "r-1"),
            post("{}", "x-request-id", "r-1"),
            post("x", "x-request-id", "r-1", "Content-Type", "text/plain"))) {
      JsonNode problem = answer.json();
      assertThat(answer.header("content-type")).contains("application/problem+json");
      assertThat(answer.header("x-request-id")).contains("r-1");
      assertThat(problem.path("type").textValue()).isEqualTo("about:blank");
      assertThat(problem.path("title").textValue()).isNotBlank();
      assertThat(problem.path("status").intValue()).isEqualTo(answer.status());
      assertThat(problem.path("detail").textValue()).isNotBlank();
      assertThat(problem.path("instance").textValue()).isEqualTo("urn:request:r-1");
      assertThat(problem.path("error_code").textValue()).matches("[A-Z_]+");
      assertThat(problem.path("message")).isEqualTo(problem.path("detail"));
      assertThat(problem.path("trace_id").textValue()).isEqualTo("r-1");
      assertThat(problem.path("timestamp").textValue()).isEqualTo("2026-03-10T12:00:00+00:00");
    }
  }

  @Test
  @DisplayName("never the refused value")
  void noError_repeatsTheRefusedValue() {
    String secret = Poison.SECRET;
    String event = event("e-1").toString();
    for (Answer answer :
        List.of(
            get("/telemetry?action=" + secret),
            get("/telemetry?range=" + secret),
            get("/telemetry?limit=" + secret),
            get("/telemetry?org_id=" + secret.repeat(30)),
            get("/" + secret),
            send(secret.toUpperCase(Locale.ROOT), "/events", BodyPublishers.noBody()),
            post(secret),
            post("{\"" + secret + "\":" + secret + "}"),
            post(event.replace("120", "\"" + secret + "\"")),
            post(event.replace("e-1", secret + "\\u0007")),
            post(event, "Content-Type", secret + "/x"),
            post(event, "Content-Encoding", secret))) {
      assertThat(answer.status()).isBetween(400, 499);
      assertThat(answer.toString()).doesNotContainIgnoringCase(secret);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "{",
        "{\"event_id\":\"e\",}",
        "{\"event_id\":\"e\",\"event_id\":\"e\"}",
        "{\"event_id\":\"e\"} {}",
        "{\"event_id\":NaN}",
        "x"
      })
  @DisplayName("400 unreadable JSON")
  void unreadableJson_isABadRequest(String body) {
    assertProblem(post(body), 400, "INVALID_JSON");
  }

  @Test
  @DisplayName("400 unreadable JSON: whatever makes a single event unreadable")
  void everyPoisonEvent_isRefused() {
    for (Poison poison : Poison.all()) {
      if (poison.document()[0] != '[') {
        boolean json = poison.errorCode().equals("INVALID_JSON");
        assertThat(post(poison.document()).status())
            .as(poison.toString())
            .isEqualTo(json ? 400 : 422);
      }
    }
    assertThat(totalRequests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Overview", "all", "overview%20", "1"})
  @DisplayName("400 `UNKNOWN_ACTION`")
  void anUnknownAction_isABadRequest(String action) {
    assertProblem(get("/telemetry?action=" + action), 400, "UNKNOWN_ACTION");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2h", "7", "d", "1h1h"})
  @DisplayName("400 `UNKNOWN_RANGE`")
  void anUnknownRange_isABadRequest(String range) {
    assertProblem(get("/telemetry?range=" + range), 400, "UNKNOWN_RANGE");
    assertProblem(get("/metrics_dashboard?range=" + range), 400, "UNKNOWN_RANGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/telemetry?limit=0",
        "/telemetry?limit=1001",
        "/telemetry?limit=-1",
        "/telemetry?limit=1.0",
        "/telemetry?limit=ten",
        "/telemetry?limit=99999999999999999999",
        "/telemetry?limit=1&limit=2",
        "/telemetry?action=models&action=models",
        "/telemetry?range=7d&range=1h",
        "/telemetry?org_id=a&org_id=b",
        "/telemetry?model_id=a&model_id=",
        "/telemetry?org_id=%00",
        "/telemetry?org_id=%FF",
        "/telemetry?junk=%C0%AF",
        "/metrics_dashboard?window=0",
        "/metrics_dashboard?window=129601",
        "/metrics_dashboard?window=1h",
        "/metrics_dashboard?window=60&range=1h"
      })
  @DisplayName("400 bad parameter")
  void aBadParameter_isABadRequest(String pathAndQuery) {
    assertProblem(get(pathAndQuery), 400, "INVALID_PARAMETER");
  }

  @Test
  @DisplayName("400 bad parameter: one that is too long")
  void anOverlongParameter_isABadRequest() {
    assertThat(get("/telemetry?org_id=" + "%C3%A4".repeat(128)).status()).isEqualTo(200);
    assertThat(get("/telemetry?model_id=" + "x".repeat(256)).status()).isEqualTo(200);
    assertProblem(get("/telemetry?org_id=" + "x".repeat(129)), 400, "INVALID_PARAMETER");
    assertProblem(get("/telemetry?model_id=" + "x".repeat(257)), 400, "INVALID_PARAMETER");
  }

  @Test
  void unknownParameter_isIgnored() {
    assertThat(get("/telemetry?_=1&_=2&x").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/events/1", "/Telemetry", "/functions/v1", "/index.html"})
  @DisplayName("404")
  void anUnknownPath_isNotFound(String path) {
    assertProblem(get(path), 404, "NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /events, 'GET, POST, DELETE, HEAD'",
    "OPTIONS, /events, 'GET, POST, DELETE, HEAD'",
    "POST, /telemetry, 'GET, HEAD'",
    "DELETE, /telemetry, 'GET, HEAD'",
    "POST, /functions/v1/metrics_dashboard, 'GET, HEAD'",
    "PATCH, /health, 'GET, HEAD'",
    "BREW, /readyz, 'GET, HEAD'"
  })
  @DisplayName("405 with `Allow`")
  void anotherMethod_isNotAllowed(String method, String path, String allowed) {
    Answer answer = send(method, path, BodyPublishers.noBody());

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains(allowed);
    if (!method.equals("HEAD")) {
      assertThat(answer.json().path("error_code").textValue()).isEqualTo("METHOD_NOT_ALLOWED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEFORE", "AFTER", "AFTER_MATCHED", "WEBSOCKET_BEFORE_UPGRADE"})
  void internalRouterMethod_isNotAllowed(String method) {
    assertProblem(send(method, "/telemetry", BodyPublishers.noBody()), 501, "NOT_IMPLEMENTED");
  }

  @Test
  @DisplayName("422 a field (`errors:[{field,message}]`, all of an event's faults at once)")
  void anInvalidEvent_isAnsweredWithAllOfItsFaults() {
    ObjectNode event = event("e-1").put("timestamp", "yesterday").put("org_id", 7);
    event.withObject("/response").put("latency_ms", "12").put("status_code", 1_000);
    event.put("cost_estimate_usd", -0.01).putArray("model");

    Answer answer = post(event.toString());

    assertProblem(answer, 422, "INVALID_FIELD");
    assertThat(answer.json().path("errors"))
        .extracting(error -> error.path("field").textValue())
        .containsExactlyInAnyOrder(
            "timestamp",
            "org_id",
            "model",
            "response.latency_ms",
            "response.status_code",
            "cost_estimate_usd");
    assertThat(answer.json().path("errors"))
        .allSatisfy(error -> assertThat(error.path("message").textValue()).startsWith("must be"));
    assertThat(totalRequests()).isZero();
  }

  @Test
  @DisplayName(
      "`GET /health` → `{\"status\":\"ok\",\"app\":\"pedi-telemetry\"}`; `/livez`, `/readyz`")
  void health_isAnswered() {
    assertThat(get("/health").json()).isEqualTo(json("{'status':'ok','app':'pedi-telemetry'}"));
    assertThat(get("/livez").json()).isEqualTo(json("{'status':'ok'}"));
    assertThat(get("/readyz").json()).isEqualTo(json("{'status':'ready'}"));
  }

  @Test
  void noAnswer_namesTheServerSoftware() {
    for (Answer answer : List.of(get("/health"), get("/nowhere"), post("{"))) {
      assertThat(answer.header("Server")).isEmpty();
      assertThat(answer.header("X-Powered-By")).isEmpty();
      assertThat(answer.header("Set-Cookie")).isEmpty();
    }
  }

  private static void assertProblem(Answer answer, int status, String errorCode) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
  }
}
