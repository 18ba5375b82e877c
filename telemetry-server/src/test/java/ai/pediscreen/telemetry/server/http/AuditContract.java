package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is entered in the audit log, and how it is read. */
public abstract class AuditContract extends KeyedContract {

  @Test
  @DisplayName("The audit log of a scripted day equals what the script did")
  void scriptedDay_isInTheLog_andNothingElse() {
    String admin = keyOf(Visitor.ADMIN);
    String reader = keyOf(Visitor.READ_ONLY);
    String eraser = keyOf(Visitor.ERASE_ONLY);
    List<Entry> expected = new ArrayList<>();

    post(event("e-1").put("org_id", "org-a").put("case_id", "case-4471").toString(), admin);
    String made = done("POST", "/keys", "{\"org_id\":\"org-a\",\"scopes\":[\"read\"]}", admin, 201);
    expected.add(new Entry(prefix(admin), "key_created", "org-a", 1));
    done("POST", "/keys/" + made + "/rotation", "{}", admin, 201);
    expected.add(new Entry(prefix(admin), "key_rotated", "org-a", 1));
    done("DELETE", "/keys/" + made, "", admin, 200);
    expected.add(new Entry(prefix(admin), "key_revoked", "org-a", 1));
    done("GET", "/events?case_id=case-4471", "", reader, 200);
    expected.add(new Entry(prefix(reader), "events_read", "org-a", 1));
    done("GET", "/events/e-1", "", admin, 200);
    expected.add(new Entry(prefix(admin), "events_read", null, 1));
    done("GET", "/events/none", "", reader, 404);
    expected.add(new Entry(prefix(reader), "events_read", "org-a", 0));
    done("GET", "/events.csv", "", reader, 200);
    expected.add(new Entry(prefix(reader), "file_asked", "org-a", 1));
    expected.add(new Entry(prefix(reader), "file_given", "org-a", 1));
    done("GET", "/events.ndjson?org_id=org-b", "", admin, 200);
    expected.add(new Entry(prefix(admin), "file_asked", "org-b", 1));
    expected.add(new Entry(prefix(admin), "file_given", "org-b", 0));
    done("GET", "/drift.csv", "", reader, 200);
    expected.add(new Entry(prefix(reader), "file_given", "org-a", 0));
    done("PUT", "/holds?org_id=org-b&case_id=case-4472", "", admin, 200);
    expected.add(new Entry(prefix(admin), "hold_placed", "org-b", 1));
    done("DELETE", "/holds?org_id=org-b&case_id=case-4472", "", admin, 200);
    expected.add(new Entry(prefix(admin), "hold_released", "org-b", 1));
    done("DELETE", "/events?case_id=case-none", "", eraser, 202);
    expected.add(new Entry(prefix(eraser), "erasure_requested", "org-a", 1));
    baseline("PUT", "{\"values\":[1,2,3,4,5,6,7,8,9,10]}");
    expected.add(new Entry(prefix(admin), "baseline_set", null, 10));
    baseline("DELETE", "");
    expected.add(new Entry(prefix(admin), "baseline_removed", null, 1));
    done("POST", "/jobs/daily-aggregates", "", keyOf(Visitor.JOBS_ONLY), 202);
    expected.add(new Entry(prefix(keyOf(Visitor.JOBS_ONLY)), "job_requested", null, 1));

    // What was refused is not done, and figures name nobody.
    done("DELETE", "/keys/pst_none", "", admin, 404);
    done("DELETE", "/holds?org_id=org-b", "", admin, 404);
    done("GET", "/events", "", reader, 400);
    done("GET", "/telemetry", "", reader, 200);
    done("GET", "/audit", "", admin, 200);

    assertThat(acts()).containsExactlyElementsOf(expected);
    assertThat(get("/audit?limit=1000", "apikey", admin).text())
        .doesNotContain("case-4471", "case-4472", "case-none", "=e-1", reader.substring(21));
  }

  @Test
  void entries_areFilteredAndPaged_andTheFileHasThemInOrder() {
    String admin = keyOf(Visitor.ADMIN);
    for (int i = 0; i < 3; i++) {
      done("GET", "/events/none", "", keyOf(Visitor.READ_ONLY), 404);
      done("GET", "/events/none?org_id=org-b", "", admin, 404);
    }
    String ofReader = "/audit?action=events_read&key=" + prefix(keyOf(Visitor.READ_ONLY));
    assertThat(as(admin, ofReader).json().path("entries")).hasSize(3);
    assertThat(as(admin, ofReader + "&to=2026-03-09").json().path("entries")).isEmpty();
    assertThat(as(admin, ofReader + "&from=2026-03-10&to=2026-03-10").json().path("entries"))
        .hasSize(3);

    JsonNode page = as(admin, "/audit?action=events_read&limit=4").json();
    assertThat(page.path("entries")).hasSize(4);
    JsonNode rest =
        as(admin, "/audit?action=events_read&limit=4&before=" + page.path("next_before").asLong())
            .json();
    assertThat(rest.path("entries")).hasSize(2);
    assertThat(rest.path("next_before").isNull()).isTrue();

    List<JsonNode> newestFirst = new ArrayList<>();
    page.path("entries").forEach(newestFirst::add);
    rest.path("entries").forEach(newestFirst::add);
    Collections.reverse(newestFirst);
    List<JsonNode> file =
        as(admin, "/audit.ndjson?action=events_read").text().lines().map(Answer::parse).toList();
    assertThat(file).isEqualTo(newestFirst);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action=none",
        "from=x",
        "before=-1",
        "before=x",
        "limit=0",
        "from=2026-03-11&to=2026-03-01"
      })
  void invalidQuery_isRefused(String query) {
    assertProblem(as(keyOf(Visitor.ADMIN), "/audit?" + query), 400, "INVALID_PARAMETER");
  }

  @Test
  void selectionThatMayIdentifyAPerson_isNotEntered() {
    String admin = keyOf(Visitor.ADMIN);
    done("GET", "/events.csv?model_id=aq%40juniper-mail.com", "", admin, 200);
    done("GET", "/events.csv?org_id=aq%40juniper-mail.com", "", admin, 200);
    done("GET", "/events?user_id=aq%40juniper-mail.com", "", admin, 200);
    assertThat(as(admin, "/audit").text()).contains("[redacted]").doesNotContain("juniper");
  }

  private void baseline(String method, String body) {
    String path = "/baselines/release-3?model_id=model-1";
    Answer answer =
        send(
            method,
            path,
            BodyPublishers.ofString(body),
            "apikey",
            keyOf(Visitor.ADMIN),
            "Content-Type",
            "application/json");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private void post(String event, String key) {
    assertThat(post(event, "apikey", key).status()).isEqualTo(202);
  }

  /** Does something and returns the prefix that the answer may name. */
  private String done(String method, String path, String body, String key, int status) {
    Answer answer = send(method, path, BodyPublishers.ofString(body), "apikey", key);
    assertThat(answer.status()).as(method + " " + path + " " + answer.text()).isEqualTo(status);
    String type = answer.header("content-type").orElse("");
    return type.startsWith("application/json") ? answer.json().path("prefix").asText() : "";
  }

  /** Who did what, oldest first, but for what a thread enters when it comes to it. */
  private List<Entry> acts() {
    List<Entry> entries = new ArrayList<>();
    String all = as(keyOf(Visitor.ADMIN), "/audit.ndjson").text();
    for (JsonNode entry : all.lines().map(Answer::parse).toList()) {
      String action = entry.path("action").textValue();
      if (!List.of("server_started", "key_first_used", "erasure_completed").contains(action)) {
        entries.add(
            new Entry(
                entry.path("key").textValue(),
                action,
                entry.path("org_id").textValue(),
                entry.path("count").longValue()));
      }
    }
    return entries;
  }

  private static String prefix(String key) {
    return key.substring(0, 20);
  }

  private record Entry(String key, String action, @Nullable String orgId, long count) {}
}
