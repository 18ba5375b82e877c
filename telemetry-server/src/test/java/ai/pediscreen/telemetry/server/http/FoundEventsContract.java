package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single events, windows of one's own, and what a model was called with. */
public abstract class FoundEventsContract extends HttpContract {

  @Test
  void event_isAnsweredAsStored() {
    String sent =
        "{'event_id':'e-1','timestamp':'2026-03-10T11:00:00Z','trace_id':'t-1',"
            + "'response':{'confidence':0.10,'note':'call 555-010-9999'},'x':{'y':[1,null]}}";
    assertThat(post(json(sent).toString()).status()).isEqualTo(202);

    JsonNode event = get("/events/e-1").json();

    assertThat(event.at("/response/confidence").doubleValue()).isEqualTo(0.1);
    assertThat(event.at("/x/y/0").intValue()).isEqualTo(1);
    assertThat(event.at("/response/note").textValue()).contains("[redacted:phone]");
    assertThat(get("/events?trace_id=t-1").json().path("events").get(0)).isEqualTo(event);
    assertThat(get("/events/e-2").status()).isEqualTo(404);
    assertThat(get("/events/e-2").json().path("error_code").textValue()).isEqualTo("NOT_FOUND");
  }

  @Test
  void idOfSeveralOrganisations_needsAnOrgId() {
    for (String org : List.of("a", "b")) {
      post(event("same").put("org_id", org).put("timestamp", NOW.toString()).toString());
    }

    Answer both = get("/events/same");

    assertThat(both.status()).isEqualTo(409);
    assertThat(both.json().path("error_code").textValue()).isEqualTo("AMBIGUOUS_EVENT");
    assertThat(get("/events/same?org_id=b").json().path("org_id").textValue()).isEqualTo("b");
    assertThat(get("/events?event_id=same").json().path("events")).hasSize(2);
  }

  @Test
  void pages_continueWithTheCursor_newestFirst() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      lines
          .append(
              event("e-" + i)
                  .put("case_id", "c")
                  .put("timestamp", NOW.minus(Duration.ofHours(i)).toString()))
          .append('\n');
    }
    assertThat(post(lines.toString(), "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);

    List<String> found = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page = get("/events?case_id=c&limit=3" + next).json();
      page.path("events").forEach(event -> found.add(event.path("event_id").textValue()));
      String cursor = page.path("next_cursor").textValue();
      next = cursor == null ? null : "&cursor=" + cursor;
    }

    assertThat(found).containsExactly("e-0", "e-1", "e-2", "e-3", "e-4", "e-5", "e-6");
    assertThat(
            get("/events?case_id=c&from=2026-03-10T07:00:00Z&to=2026-03-10T09:00:00Z")
                .json()
                .path("events")
                .findValuesAsText("event_id"))
        .containsExactly("e-4", "e-5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/events",
        "/events?trace_id=t&cursor=?",
        "/events?trace_id=t&cursor=bm90aGluZw",
        "/events?trace_id=t&limit=0",
        "/events?trace_id=t&limit=201",
        "/events?trace_id=t&from=2026-03-10&to=2026-03-08",
        "/telemetry?to=2026-03-10",
        "/telemetry?range=7d&from=2026-03-10",
        "/telemetry?from=2026-03-10T12:00:01Z",
        "/telemetry?from=2025-01-01",
        "/telemetry?from=2026-03-09&to=2026-03-08",
        "/telemetry?compare=next",
        "/telemetry?action=history"
      })
  void queries_areRefused_forABadParameter(String question) {
    Answer answer = get(question);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("error_code").textValue()).isEqualTo("INVALID_PARAMETER");
  }

  @ParameterizedTest
  @CsvSource({
    // The window, and how many of an event each hour of the last ten days lie in it.
    "2026-03-10T10:30:00Z, 2026-03-10T11:30:00Z, 1, 1",
    "2026-03-10T10:00:00Z, 2026-03-10T11:00:01Z, 2, 60",
    "2026-03-09, 2026-03-09, 24, 60",
    "2026-03-05T03:10:00Z, 2026-03-05T04:20:00Z, 2, 60",
    "2026-03-02, 2026-03-10, 205, 1440",
  })
  void customWindow_isExact_inAllFigures(String from, String to, int calls, int step) {
    StringBuilder lines = new StringBuilder();
    for (int hour = 0; hour < 220; hour++) {
      lines
          .append(
              called("e-" + hour, "m")
                  .put("timestamp", NOW.minus(Duration.ofHours(hour)).toString()))
          .append('\n');
    }
    assertThat(post(lines.toString(), "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);
    String window = "&from=" + from + "&to=" + to;

    assertThat(get("/telemetry?action=overview" + window).json().path("total_requests").intValue())
        .isEqualTo(calls);
    assertThat(get("/telemetry?action=models" + window).json().at("/models/0/calls").intValue())
        .isEqualTo(calls);
    JsonNode series = get("/telemetry?action=series" + window).json();
    assertThat(
            series.path("series").findValues("calls").stream().mapToInt(JsonNode::intValue).sum())
        .isEqualTo(calls);
    assertThat(series.path("step_minutes").intValue()).isEqualTo(step);
    assertThat(series.path("until").isTextual()).isTrue();
  }

  @Test
  void comparedFigures_areThoseOfThePeriodBefore() {
    for (int i = 0; i < 6; i++) {
      post(
          called("e-" + i, i == 5 ? "new" : "m")
              .put("timestamp", NOW.minus(Duration.ofHours(i < 2 ? 1 : 30)).toString())
              .toString());
    }
    post(called("e-6", "new").put("timestamp", NOW.toString()).toString());

    JsonNode overview = get("/telemetry?range=24h&compare=previous").json();
    JsonNode models = get("/telemetry?action=models&range=24h&compare=previous").json();

    assertThat(overview.path("total_requests").intValue()).isEqualTo(3);
    assertThat(overview.at("/previous/total_requests").intValue()).isEqualTo(4);
    assertThat(models.at("/models/0/previous/calls").intValue()).isEqualTo(3);
    assertThat(models.at("/models/1/previous/calls").intValue()).isEqualTo(1);
    assertThat(get("/telemetry?range=1h&compare=previous").json().path("previous").isNull())
        .isTrue();
    assertThat(get("/telemetry?range=24h").json().has("previous")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"model, m-", "org, o-"})
  void seriesByPart_areTheTenLargest_andTheRestAddsUpToAll(String by, String prefix) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 90; i++) {
      // One call of part 0, two of part 1, … twelve of part 11, and twelve of none.
      int part = (int) ((Math.sqrt(8 * i + 1) - 1) / 2);
      boolean none = i >= 78;
      lines
          .append(
              called("e-" + i, none ? "other" : "m-" + part)
                  .put("org_id", none ? null : "o-" + part)
                  .put("cost_estimate_usd", 1))
          .append('\n');
    }
    assertThat(post(lines.toString(), "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);

    JsonNode answer = get("/telemetry?action=series&range=24h&by=" + by).json();

    assertThat(answer.path("groups")).hasSize(10);
    assertThat(answer.path("groups").findValuesAsText("name")).contains(prefix + "11");
    long inGroups = sum(answer.path("groups"), "calls");
    assertThat(sum(answer.path("rest"), "calls")).isEqualTo(90 - inGroups).isPositive();
    assertThat(answer.path("rest").get(0).has("p95_latency_ms")).isFalse();
    assertThat(get("/telemetry?action=series&by=region").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"adapter, adapter_id, v-", "provider, provider, p-"})
  void seriesByName_areTheCallsOfTheTenLargest_andTheRestAddsUpToAll(
      String by, String field, String prefix) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 90; i++) {
      int part = (int) ((Math.sqrt(8 * i + 1) - 1) / 2);
      ObjectNode event = called("e-" + i, "m");
      if (i < 78) {
        ((ObjectNode) event.path("model")).put(field, prefix + part);
      }
      lines.append(event).append('\n');
    }
    assertThat(post(lines.toString(), "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);

    JsonNode answer = get("/telemetry?action=series&range=24h&model_id=m&by=" + by).json();

    JsonNode groups = answer.path("groups");
    assertThat(groups.findValuesAsText("name"))
        .hasSize(10)
        .startsWith(prefix + "11", prefix + "10");
    assertThat(sum(groups.get(0), "calls")).isEqualTo(12);
    // One of part 0, two of part 1, and twelve that name none.
    assertThat(sum(answer.path("rest"), "calls")).isEqualTo(15);
    assertThat(groups.get(0).path("series")).hasSameSizeAs(answer.path("rest"));
    assertThat(answer.path("rest").get(0).has("errors")).isFalse();
    assertThat(get("/telemetry?action=series&range=24h&model_id=n&by=" + by).json().at("/groups"))
        .isEmpty();
  }

  private static long sum(JsonNode node, String field) {
    return node.findValues(field).stream().mapToLong(JsonNode::longValue).sum();
  }

  @Test
  void history_hasFirstUseOfEachAdapterAndProvider() {
    for (int day = 3; day > 0; day--) {
      post(
          json("{'event_id':'e-%d','timestamp':'%s','model':{'model_id':'m','adapter_id':'v%d'}}"
                  .formatted(day, NOW.minus(Duration.ofDays(day)), day > 1 ? 1 : 2))
              .toString());
    }

    assertThat(get("/telemetry?action=history&model_id=m").json().path("history"))
        .isEqualTo(
            json(
                "[{'kind':'adapter','name':'v2','first_seen':'2026-03-09T12:00:00+00:00'},"
                    + "{'kind':'adapter','name':'v1','first_seen':'2026-03-07T12:00:00+00:00'}]"));
  }
}
