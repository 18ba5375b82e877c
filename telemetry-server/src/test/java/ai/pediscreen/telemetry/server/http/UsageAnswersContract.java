package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's section "GET /telemetry", line by line. The names of tests quote it. */
public abstract class UsageAnswersContract extends HttpContract {

  @Test
  @DisplayName("`action` = `overview` (default) `models` `errors` `fallbacks` `drift`")
  void eachAction_hasItsOwnFields_andOverviewIsTheDefault() {
    assertThat(get("/telemetry").json().has("total_requests")).isTrue();
    assertThat(get("/telemetry?action=").json().has("total_requests")).isTrue();
    assertThat(get("/telemetry?action=overview").json().has("total_requests")).isTrue();
    assertThat(get("/telemetry?action=models").json().has("models")).isTrue();
    assertThat(get("/telemetry?action=errors").json().has("errors")).isTrue();
    assertThat(get("/telemetry?action=fallbacks").json().has("fallbacks")).isTrue();
    assertThat(get("/telemetry?action=drift").json().has("drift_records")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1h, 60, 2026-03-10T11:00:00+00:00",
    "1H, 60, 2026-03-10T11:00:00+00:00",
    "24h, 1440, 2026-03-09T12:00:00+00:00",
    "7d, 10080, 2026-03-03T12:00:00+00:00",
    "7D, 10080, 2026-03-03T12:00:00+00:00",
    "'', 10080, 2026-03-03T12:00:00+00:00",
    "30d, 43200, 2026-02-08T12:00:00+00:00",
    "90d, 129600, 2025-12-10T12:00:00+00:00"
  })
  @DisplayName("`range` = `1h 24h 7d` (default) `30d 90d`, upper or lower case")
  void eachRange_isAWindow(String range, int minutes, String since) {
    JsonNode answer = get("/telemetry?range=" + range).json();

    assertThat(answer.path("window_minutes").intValue()).isEqualTo(minutes);
    assertThat(answer.path("since").textValue()).isEqualTo(since);
  }

  @ParameterizedTest
  @CsvSource({
    "1h, 2026-03-10T11:34:00+00:00",
    "24h, 2026-03-09T12:34:00+00:00",
    "7d, 2026-03-03T12:00:00+00:00",
    "30d, 2026-02-08T12:00:00+00:00",
    "90d, 2025-12-10T12:00:00+00:00"
  })
  @DisplayName(
      "The window is `[since, now]`: `since` = now − range, cut down to the minute for 1h and 24h, "
          + "to the hour for longer ranges; every figure is exact for the window it names")
  void since_isRoundedDown_andTheWindowIncludesBothEnds(String range, String since) {
    Instant now = Instant.parse("2026-03-10T12:34:56.789Z");
    server.clock().set(now);
    Instant begin = Instant.parse(since.replace("+00:00", "Z"));
    postAt("first", begin);
    postAt("before", begin.minusNanos(1_000));
    postAt("last", now);
    postAt("after", now.plusNanos(1_000));

    JsonNode answer = get("/telemetry?range=" + range).json();

    assertThat(answer.path("since").textValue()).isEqualTo(since);
    assertThat(answer.path("total_requests").intValue()).isEqualTo(2);
    assertThat(answer.path("last_used").textValue()).isEqualTo("2026-03-10T12:34:56.789000+00:00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "models", "errors", "fallbacks", "drift"})
  @DisplayName(
      "All answers carry `since`, `window_minutes`, `trace_id` (the request's `x-request-id`, or"
          + " the trace id of `traceparent`, or a new one), `last_updated`")
  void everyAnswer_namesItsWindowAndRequest(String action) {
    String path = "/telemetry?action=" + action;
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    Answer named = get(path, "x-request-id", "request 7", "traceparent", traceparent);
    Answer traced = get(path, "traceparent", traceparent);
    Answer ignored = get(path, "x-request-id", "x".repeat(129), "traceparent", "00-zz");
    Answer fresh = get(path);

    assertThat(named.json().path("since").textValue()).isEqualTo("2026-03-03T12:00:00+00:00");
    assertThat(named.json().path("window_minutes").intValue()).isEqualTo(10_080);
    assertThat(named.json().path("last_updated").textValue())
        .isEqualTo("2026-03-10T12:00:00+00:00");
    assertTraceId(named, "request 7");
    assertTraceId(traced, "4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(ignored.json().path("trace_id").textValue()).matches("[0-9a-f]{32}");
    assertThat(fresh.json().path("trace_id").textValue()).matches("[0-9a-f]{32}");
    assertThat(fresh.json().path("trace_id")).isNotEqualTo(ignored.json().path("trace_id"));
  }

  @Test
  @DisplayName("optional `org_id`, `model_id`")
  void organisationAndModel_filterTheAnswer() {
    post(called("e-1", "m-1").put("org_id", "a b").toString());
    post(called("e-2", "m-2").put("org_id", "a b").toString());
    post(called("e-3", "m-1").put("org_id", "ä/b").toString());
    post(event("e-4").toString());

    assertThat(total("/telemetry")).isEqualTo(4);
    assertThat(total("/telemetry?org_id=&model_id=%20")).isEqualTo(4);
    assertThat(total("/telemetry?org_id=a+b")).isEqualTo(2);
    assertThat(total("/telemetry?org_id=a%20b&model_id=m-2")).isEqualTo(1);
    assertThat(total("/telemetry?org_id=%C3%A4%2Fb")).isEqualTo(1);
    assertThat(total("/telemetry?model_id=m-1")).isEqualTo(2);
    assertThat(total("/telemetry?model_id=unknown")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1h, 1, 61", "24h, 60, 25", "7d, 60, 169", "30d, 1440, 31", "90d, 1440, 91"})
  @DisplayName("**series**: one point for each minute, hour or day of the window, oldest first")
  void series_hasAPointForEachStep(String range, int minutes, int points) {
    ObjectNode failed = called("e-1", "m").put("org_id", "o").put("cost_estimate_usd", 0.25);
    failed.withObject("/response").put("status_code", 500).put("fallback_to", "rules");
    post(using(failed, 12, 34).toString());

    JsonNode answer = get("/telemetry?action=series&org_id=o&model_id=m&range=" + range).json();

    assertThat(answer.path("step_minutes").intValue()).isEqualTo(minutes);
    assertThat(answer.path("since").isTextual()).isTrue();
    assertThat(answer.path("series")).hasSize(points);
    String time = minutes == 1_440 ? "2026-03-10T00:00:00+00:00" : "2026-03-10T12:00:00+00:00";
    assertThat(answer.path("series").get(points - 1))
        .isEqualTo(
            json(
                "{'time':'"
                    + time
                    + "','calls':1,'errors':1,'fallbacks':1,'cost':0.25,"
                    + tokens(12, 0, 0, 34, 0)
                    + ",'p50_latency_ms':120,"
                    + "'p95_latency_ms':120,'p99_latency_ms':120}"));
    assertThat(get("/telemetry?action=series&org_id=p&range=" + range).json().path("series"))
        .hasSize(points)
        .allSatisfy(point -> assertThat(point.path("calls").intValue()).isZero());
  }

  @Test
  @DisplayName("`GET /organisations`: those that events name, for who filters")
  void organisations_areListed() {
    assertThat(get("/organisations").json()).isEqualTo(json("{'organisations':[]}"));
    post(event("e-1").put("org_id", "ä").toString());
    post(event("e-2").put("org_id", "b").toString());
    post(event("e-3").toString());

    assertThat(get("/organisations").json()).isEqualTo(json("{'organisations':['b','ä']}"));
    assertThat(get("/organisations?limit=1").json())
        .isEqualTo(json("{'organisations':['b'],'next':'b'}"));
    assertThat(get("/organisations?limit=1&after=b").json())
        .isEqualTo(json("{'organisations':['ä']}"));
    assertThat(get("/organisations?limit=2").json().has("next")).isFalse();
  }

  @Test
  @DisplayName("`limit` (models default 20, lists default 100, at most 1000)")
  void limit_boundsLists_andNotTheirTotals() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      ObjectNode event = called("e-" + i, "m-" + i);
      event.withObject("/response").put("status_code", 500).put("fallback_to", "rules");
      events.add(event.toString());
    }
    post("[" + String.join(",", events) + "]");

    assertThat(get("/telemetry?action=models").json().path("models")).hasSize(20);
    assertThat(get("/telemetry?action=errors").json().path("errors")).hasSize(100);
    assertThat(get("/telemetry?action=fallbacks").json().path("fallbacks")).hasSize(100);
    for (String action : List.of("models", "errors", "fallbacks")) {
      String path = "/telemetry?action=" + action + "&limit=";
      assertThat(get(path + "3").json().path(action)).hasSize(3);
      assertThat(get(path + "1000").json().path(action)).hasSize(1_000);
    }
    JsonNode errors = get("/telemetry?action=errors&limit=1").json();
    assertThat(errors.path("total").intValue()).isEqualTo(1_001);
    assertThat(errors.path("error_summary").path("http_500").intValue()).isEqualTo(1_001);
  }

  @Test
  @DisplayName(
      "**models**: `models`, calls descending then `model_id`: `model_id` (null for events without"
          + " one), `provider`, `calls`, `avg_latency_ms` (integer), `p95_latency_ms`, `error_rate`"
          + " and `fallback_rate` (percent, 2 decimals), `fallback_count`, `cost_estimate_usd`,"
          + " `adapters` (sorted), `last_used`")
  void models_areListed() {
    for (int i = 0; i < 3; i++) {
      ObjectNode event = latency(called("b-" + i, "m-b"), 10 + i).put("cost_estimate_usd", 0.1);
      event.withObject("/model").put("provider", "p-" + i).put("adapter_id", "ad-" + (2 - i));
      event.put("timestamp", NOW.minusSeconds(10 - i).toString());
      if (i == 0) {
        event.withObject("/response").put("status_code", 199).put("fallback_to", "rules");
      }
      post(using(event, 10 * i, i).toString());
    }
    post(called("a", "m-a").toString());
    post(event("none").toString());

    JsonNode models = get("/telemetry?action=models").json().path("models");

    assertThat(models.get(0))
        .isEqualTo(
            json(
                "{'model_id':'m-b','provider':'p-2','calls':3,'avg_latency_ms':11,"
                    + "'p95_latency_ms':12,'error_rate':33.33,'fallback_rate':33.33,"
                    + "'fallback_count':1,'cost_estimate_usd':0.3,"
                    + tokens(30, 0, 0, 3, 0)
                    + ",'unpriced_calls':0,"
                    + "'adapters':['ad-0','ad-1','ad-2'],"
                    + "'last_used':'2026-03-10T11:59:52+00:00'}"));
    assertThat(models)
        .extracting(model -> model.path("model_id").textValue())
        .containsExactly("m-b", null, "m-a");
  }

  @Test
  @DisplayName(
      "**errors**: newest first: `id` (= event_id), `timestamp`, `model_id`, `error_code`,"
          + " `status_code`, `fallback_reason`, `latency_ms`, `trace_id`; `error_summary`"
          + " (error_code, or `http_<status>`, or `unknown` → count over the whole window),"
          + " `total`")
  void errors_areListed() {
    ObjectNode coded = called("e-1", "m").put("trace_id", "t-1");
    coded.withObject("/response").put("status_code", 503).put("error_code", "QUOTA");
    coded.withObject("/response").put("fallback_to", "rules");
    ObjectNode plain = event("e-2").put("timestamp", NOW.minusSeconds(1).toString());
    plain.withObject("/response").put("status_code", 300);
    ObjectNode unknown = event("e-3").put("timestamp", NOW.minusSeconds(2).toString());
    unknown.putObject("response");
    post("[" + unknown + "," + plain + "," + coded + "," + event("fine") + "]");

    JsonNode answer = withoutEnvelope(get("/telemetry?action=errors"));

    assertThat(answer)
        .isEqualTo(
            json(
                "{'errors':[{'id':'e-1','timestamp':'2026-03-10T12:00:00+00:00','model_id':'m',"
                    + "'error_code':'QUOTA','status_code':503,'fallback_reason':'rules',"
                    + "'latency_ms':120,'trace_id':'t-1'},"
                    + "{'id':'e-2','timestamp':'2026-03-10T11:59:59+00:00','model_id':null,"
                    + "'error_code':null,'status_code':300,'fallback_reason':null,"
                    + "'latency_ms':120,'trace_id':null},"
                    + "{'id':'e-3','timestamp':'2026-03-10T11:59:58+00:00','model_id':null,"
                    + "'error_code':null,'status_code':null,'fallback_reason':null,"
                    + "'latency_ms':null,'trace_id':null}],"
                    + "'error_summary':{'QUOTA':1,'http_300':1,'unknown':1},'total':3}"));
  }

  @Test
  @DisplayName(
      "**fallbacks**: newest first: `id`, `timestamp`, `model_id`, `fallback_reason` (="
          + " fallback_to), `screening_id` (= case_id), `latency_ms`, `trace_id`; `reason_summary`"
          + " (over the whole window), `total`")
  void fallbacks_areListed() {
    ObjectNode older = called("e-1", "m").put("case_id", "c-1").put("trace_id", "t-1");
    older.put("timestamp", NOW.minusSeconds(1).toString());
    older.withObject("/response").put("fallback_to", "rules");
    ObjectNode newer = event("e-2");
    newer.withObject("/response").put("fallback_to", "rules");
    post("[" + older + "," + newer + "," + event("fine") + "]");

    JsonNode answer = withoutEnvelope(get("/telemetry?action=fallbacks"));

    assertThat(answer)
        .isEqualTo(
            json(
                "{'fallbacks':[{'id':'e-2','timestamp':'2026-03-10T12:00:00+00:00',"
                    + "'model_id':null,'fallback_reason':'rules','screening_id':null,"
                    + "'latency_ms':120,'trace_id':null},"
                    + "{'id':'e-1','timestamp':'2026-03-10T11:59:59+00:00','model_id':'m',"
                    + "'fallback_reason':'rules','screening_id':'c-1','latency_ms':120,"
                    + "'trace_id':'t-1'}],'reason_summary':{'rules':2},'total':2}"));
  }

  @Test
  @DisplayName(
      "**drift**: `drift_records`, `latest`, `drift_detected`, `critical_drift`, `incidents`")
  void drift_isEmptyUntilThereAreDays() {
    assertThat(withoutEnvelope(get("/telemetry?action=drift")))
        .isEqualTo(
            json(
                "{'drift_records':[],'latest':null,'drift_detected':false,"
                    + "'critical_drift':false,'incidents_total':0,'incidents':[]}"));
  }

  @Test
  @DisplayName("Also served at `/functions/v1/telemetry`")
  void functionsPath_answersTheSame() {
    ObjectNode event = called("e-1", "m");
    event.withObject("/model").put("provider", "p");
    post(event.toString());

    for (String question : List.of("?action=models", "?range=1h", "?action=errors")) {
      assertThat(get("/functions/v1/telemetry" + question, "x-request-id", "r").text())
          .isEqualTo(get("/telemetry" + question, "x-request-id", "r").text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics_dashboard", "/functions/v1/metrics_dashboard"})
  @DisplayName(
      "`GET /metrics_dashboard` (and `/functions/v1/metrics_dashboard`), `range` or `window`"
          + " (minutes): `edge_health {status,uptime_pct,p95_latency_ms}`, `ai_telemetry"
          + " {total_calls,total_cost_usd,model_breakdown:[{model_id,calls,cost,fallback_rate}]}`")
  void dashboard_isServed(String path) {
    ObjectNode failed = called("e-1", "m").put("cost_estimate_usd", 0.25);
    failed.withObject("/response").put("status_code", 500).put("fallback_to", "rules");
    failed.put("timestamp", NOW.minus(Duration.ofMinutes(90)).toString());
    post("[" + failed + "," + called("e-2", "m") + "," + event("e-3") + "]");

    assertThat(withoutEnvelope(get(path)))
        .isEqualTo(
            json(
                "{'edge_health':{'status':'degraded','uptime_pct':66.67,'p95_latency_ms':120},"
                    + "'ai_telemetry':{'total_calls':3,'total_cost_usd':0.25,'model_breakdown':["
                    + "{'model_id':'m','calls':2,'cost':0.25,'fallback_rate':50.0},"
                    + "{'model_id':NONE,'calls':1,'cost':0.0,'fallback_rate':0.0}]}}"
                        .replace("NONE", path.startsWith("/functions") ? "'unknown'" : "null")));
    JsonNode hour = get(path + "?window=60").json();
    assertThat(hour.path("edge_health").path("status").textValue()).isEqualTo("healthy");
    assertThat(hour.path("edge_health").path("uptime_pct").intValue()).isEqualTo(100);
    assertThat(hour.path("ai_telemetry").path("total_calls").intValue()).isEqualTo(2);
    assertThat(hour.path("window_minutes").intValue()).isEqualTo(60);
    assertThat(get(path + "?window=91").json().path("ai_telemetry").path("total_calls").intValue())
        .isEqualTo(3);
    assertThat(get(path + "?range=1H").json().path("window_minutes").intValue()).isEqualTo(60);
    assertThat(get(path + "?window=129600").status()).isEqualTo(200);
  }

  @Test
  void dashboard_withoutCalls_isHealthy() {
    assertThat(get("/metrics_dashboard").json().path("edge_health"))
        .isEqualTo(json("{'status':'healthy','uptime_pct':100.0,'p95_latency_ms':0}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/telemetry", "/functions/v1/telemetry", "/health", "/livez", "/readyz"})
  void head_answersAsGetDoes_withoutABody(String path) {
    Answer head = send("HEAD", path, BodyPublishers.noBody());

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.text()).isEmpty();
    assertThat(head.header("content-type")).contains("application/json");
  }

  private int total(String pathAndQuery) {
    return get(pathAndQuery).json().path("total_requests").intValue();
  }

  private static void assertTraceId(Answer answer, String traceId) {
    assertThat(answer.json().path("trace_id").textValue()).isEqualTo(traceId);
    assertThat(answer.header("x-request-id")).contains(traceId);
  }
}
