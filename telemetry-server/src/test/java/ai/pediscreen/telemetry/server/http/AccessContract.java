package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.otlp.Fixture;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in to what, and that nobody sees or writes what is another organisation's. */
public abstract class AccessContract extends KeyedContract {

  /**
   * The status of each route for each {@link Visitor}, who names organisation {@code org-a} where
   * one can be named. The keys of ingest, read and erase are of {@code org-a}. HEAD is answered as
   * GET is.
   */
  private static final String MATRIX =
      """
      GET /                               200 200 200 200 200 200 200 200 200 200 200
      GET /aggregates/daily               401 401 401 401 403 200 403 403 200 403 403
      GET /alerts                         401 401 401 401 403 403 403 403 200 403 403
      GET /assets/{name}                  200 200 200 200 200 200 200 200 200 200 200
      GET /audit                          401 401 401 401 403 403 403 403 200 403 403
      GET /audit.ndjson                   401 401 401 401 403 403 403 403 200 403 403
      GET /baselines                      401 401 401 401 403 403 403 403 200 403 403
      GET /baselines/{name}               401 401 401 401 403 403 403 403 400 403 403
      PUT /baselines/{name}               401 401 401 401 403 403 403 403 400 403 403
      DELETE /baselines/{name}            401 401 401 401 403 403 403 403 400 403 403
      GET /docs                           200 200 200 200 200 200 200 200 200 200 200
      GET /drift.csv                      401 401 401 401 403 200 403 403 200 403 403
      GET /drift/bins                     401 401 401 401 403 400 403 403 400 403 403
      GET /erasures/{id}                  401 401 401 401 403 403 404 403 404 403 403
      GET /events                         401 401 401 401 403 400 403 403 400 403 403
      POST /events                        401 401 401 401 202 403 403 403 202 403 403
      DELETE /events                      401 401 401 401 403 403 202 403 202 403 403
      GET /events.csv                     401 401 401 401 403 200 403 403 200 403 403
      GET /events.ndjson                  401 401 401 401 403 200 403 403 200 403 403
      GET /events/{event_id}              401 401 401 401 403 200 403 403 200 403 403
      GET /functions/v1/metrics_dashboard 401 401 401 401 403 200 403 403 200 403 403
      GET /functions/v1/telemetry         401 401 401 401 403 200 403 403 200 403 403
      GET /health                         200 200 200 200 200 200 200 200 200 200 200
      GET /holds                          401 401 401 401 403 403 403 403 200 403 403
      PUT /holds                          401 401 401 401 403 403 403 403 200 403 403
      DELETE /holds                       401 401 401 401 403 403 403 403 200 403 403
      POST /jobs/daily-aggregates         401 401 401 401 403 403 403 403 202 202 403
      GET /jobs/{id}                      401 401 401 401 403 403 403 403 200 200 403
      GET /keys                           401 401 401 401 403 403 403 403 200 403 403
      POST /keys                          401 401 401 401 403 403 403 403 422 403 403
      POST /keys/{prefix}/rotation        401 401 401 401 403 403 403 403 422 403 403
      DELETE /keys/{prefix}               401 401 401 401 403 403 403 403 404 403 403
      GET /livez                          200 200 200 200 200 200 200 200 200 200 200
      GET /metrics                        401 401 401 401 403 403 403 403 200 403 200
      GET /metrics_dashboard              401 401 401 401 403 200 403 403 200 403 403
      GET /openapi.json                   200 200 200 200 200 200 200 200 200 200 200
      GET /organisations                  401 401 401 401 403 200 403 403 200 403 403
      GET /readyz                         200 200 200 200 200 200 200 200 200 200 200
      GET /telemetry                      401 401 401 401 403 200 403 403 200 403 403
      GET /telemetry/stream               401 401 401 401 403 200 403 403 200 403 403
      POST /v1/logs                       401 401 401 401 200 403 403 200 200 403 403
      POST /v1/metrics                    401 401 401 401 200 403 403 200 200 403 403
      POST /v1/traces                     401 401 401 401 200 403 403 200 200 403 403
      """;

  /** What readers ask about events, by route: whose rows they are, each answer says. */
  private static final Map<String, List<String>> QUESTIONS =
      Map.of(
          "/telemetry",
          List.of(
              "?action=overview",
              "?action=models",
              "?action=errors",
              "?action=fallbacks",
              "?action=drift"),
          "/functions/v1/telemetry",
          List.of("?action=errors"),
          "/metrics_dashboard",
          List.of(""),
          "/functions/v1/metrics_dashboard",
          List.of("?window=7200"),
          "/aggregates/daily",
          List.of(""),
          "/drift.csv",
          List.of(""),
          "/events.csv",
          List.of(""),
          "/events.ndjson",
          List.of(""),
          "/events",
          List.of("?user_id=user-1&limit=200"));

  /** Routes that are asked for one row by its name: a row of {@code org-a}. */
  private static final Map<String, String> ROWS =
      Map.of(
          "/events/{event_id}",
          "/events/e-1-of-a",
          "/drift/bins",
          "/drift/bins?model_id=model-of-a&date="
              + NOW.minus(1, ChronoUnit.DAYS).toString().substring(0, 10));

  /** Routes whose answers name no row: other tests hold whose figures these are. */
  private static final Set<String> WITHOUT_ROWS = Set.of("/organisations", "/telemetry/stream");

  @Test
  @DisplayName(
      "every route × (no key, wrong, expired, revoked, ingest, read, erase, other org, admin, jobs,"
          + " metrics)")
  void everyRoute_allowsTheKeysInTheMatrix() {
    String job = seed();
    Map<String, List<Integer>> expected = matrix();
    Map<String, List<Integer>> actual = new LinkedHashMap<>();
    Map<String, List<Integer>> heads = new LinkedHashMap<>();
    for (String route : server.routes()) {
      List<Integer> statuses = new ArrayList<>();
      for (Visitor visitor : Visitor.values()) {
        Answer answer = visit(filled(route, job), visitor);
        statuses.add(answer.status());
        // The metrics name all organisations.
        if (visitor != Visitor.ADMIN && visitor != Visitor.METRICS_ONLY) {
          assertThat(answer.text()).as(route + visitor).doesNotContain("of-b", "of-none");
        }
      }
      if (route.startsWith("HEAD ")) {
        heads.put(route.replace("HEAD", "GET"), statuses);
      } else {
        actual.put(route, statuses);
      }
    }
    assertThat(actual).as("a route that is added needs a row in the matrix").isEqualTo(expected);
    assertThat(heads).isNotEmpty();
    heads.forEach(
        (get, statuses) -> assertThat(statuses).as("HEAD of " + get).isEqualTo(actual.get(get)));
  }

  @Test
  void noAnswer_showsAForeignRow_withOrWithoutOrgId() {
    seed();
    String both = key("org-b", null, KeyScope.INGEST, KeyScope.READ);
    List<String> questions = new ArrayList<>();
    QUESTIONS.forEach((route, queries) -> queries.forEach(query -> questions.add(route + query)));
    for (String question : questions) {
      String named = question + (question.contains("?") ? "&" : "?") + "org_id=";
      for (String path : List.of(question, named + "org-a")) {
        assertThat(as(keyOf(Visitor.READ_ONLY), path).text())
            .as(path)
            .contains("of-a")
            .doesNotContain("of-b", "of-none");
      }
      assertThat(as(both, question).text()).contains("of-b").doesNotContain("of-a", "of-none");
      assertProblem(as(both, named + "org-a"), 403, "FORBIDDEN_ORG");
      if (!question.contains("overview")) {
        assertThat(as(keyOf(Visitor.ADMIN), question).text()).contains("of-a", "of-b", "of-none");
      }
      assertThat(as(keyOf(Visitor.ADMIN), named + "org-b").text())
          .contains("of-b")
          .doesNotContain("of-a", "of-none");
    }
    assertThat(as(both, "/telemetry").json().path("total_requests").intValue()).isEqualTo(24);
    assertThat(as(keyOf(Visitor.ADMIN), "/telemetry").json().path("total_requests").intValue())
        .isEqualTo(72);
  }

  @Test
  void foreignRow_isNotFoundByItsName() {
    seed();
    for (String row : ROWS.values()) {
      assertThat(as(keyOf(Visitor.READ_ONLY), row).text()).as(row).contains("of-a");
      assertThat(as(keyOf(Visitor.OTHER_ORG), row).status()).as(row).isEqualTo(404);
      String named = row + (row.contains("?") ? "&" : "?") + "org_id=org-a";
      assertProblem(as(keyOf(Visitor.OTHER_ORG), named), 403, "FORBIDDEN_ORG");
    }
  }

  @Test
  void everyRouteThatReadersMayAsk_isAskedForForeignRows() {
    Set<String> asked = new TreeSet<>(WITHOUT_ROWS);
    asked.addAll(QUESTIONS.keySet());
    asked.addAll(ROWS.keySet());
    Set<String> ofReaders = new TreeSet<>();
    Map<String, List<Integer>> matrix = matrix();
    for (String route : server.routes()) {
      List<Integer> statuses = matrix.getOrDefault(route, List.of());
      if (!statuses.isEmpty()
          && status(statuses, Visitor.NO_KEY) == 401
          && status(statuses, Visitor.READ_ONLY) != 403) {
        ofReaders.add(route.replaceFirst("^GET ", ""));
      }
    }
    assertThat(asked)
        .as("a route that is added for readers needs its questions")
        .isEqualTo(ofReaders);
  }

  @Test
  void figuresOfThePage_areOfTheKeysOrganisation() {
    seed();
    String own = keyOf(Visitor.READ_ONLY);
    assertThat(as(own, "/organisations").json()).isEqualTo(json("{'organisations':['org-a']}"));
    assertThat(as(keyOf(Visitor.ADMIN), "/organisations").json().path("organisations")).hasSize(2);
    long calls = 0;
    for (JsonNode point : as(own, "/telemetry?action=series").json().path("series")) {
      calls += point.path("calls").longValue();
    }
    assertThat(calls).isEqualTo(24);
    String bins = "/drift/bins?date=" + NOW.minus(1, ChronoUnit.DAYS).toString().substring(0, 10);
    JsonNode answer = as(own, bins + "&model_id=model-of-a").json();
    assertThat(answer.path("org_id").textValue()).isEqualTo("org-a");
    assertThat(answer.path("current_count").intValue()).isEqualTo(12);
    assertThat(as(own, bins + "&model_id=model-of-b").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("events without an org get the key's, another org's name is 403")
  void singleEvent_isOfTheKeysOrganisation_orRefused() {
    String ingest = keyOf(Visitor.INGEST_ONLY);
    assertThat(post(event("none").toString(), "apikey", ingest).status()).isEqualTo(202);
    assertThat(post(event("blank").put("org_id", " ").toString(), "apikey", ingest).status())
        .isEqualTo(202);
    assertThat(post(event("own").put("org_id", "org-a").toString(), "apikey", ingest).status())
        .isEqualTo(202);
    assertThat(
            post(event("none").put("org_id", "org-a").toString(), "apikey", ingest)
                .json()
                .path("status")
                .textValue())
        .isEqualTo("duplicate");

    Answer foreign = post(event("x").put("org_id", "org-b").toString(), "apikey", ingest);

    assertProblem(foreign, 403, "FORBIDDEN_ORG");
    assertThat(foreign.json().path("errors").path(0).path("field").textValue()).isEqualTo("org_id");
    assertThat(foreign.text()).doesNotContain("org-b");
    assertThat(counted(keyOf(Visitor.READ_ONLY))).isEqualTo(3);
    assertThat(counted(keyOf(Visitor.ADMIN))).isEqualTo(3);
    assertThat(counted(keyOf(Visitor.OTHER_ORG))).isZero();
  }

  @Test
  @DisplayName("A refused event never costs its neighbours")
  void foreignEventOfABatch_isRefusedAlone() {
    String batch =
        event("a") + "\n" + event("b").put("org_id", "org-b") + "\n" + event("c").put("cost", 1);

    Answer answer =
        post(batch, "apikey", keyOf(Visitor.INGEST_ONLY), "Content-Type", "application/x-ndjson");

    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.json().path("accepted").intValue()).isEqualTo(2);
    JsonNode error = answer.json().path("errors").path(0);
    assertThat(error.path("index").intValue()).isEqualTo(1);
    assertThat(error.path("event_id").textValue()).isEqualTo("b");
    assertThat(error.path("error_code").textValue()).isEqualTo("FORBIDDEN_ORG");
    assertThat(counted(keyOf(Visitor.ADMIN))).isEqualTo(2);
  }

  @Test
  void spansOfAnotherOrganisation_areRefused_andTheOthersAreOfTheKeys() {
    String request = Fixture.of("openlit").request().toString();
    for (String org : List.of("org-a", "org-b")) {
      Answer answer =
          send(
              "POST",
              "/v1/traces",
              BodyPublishers.ofString(request.replace("clinic-9", org)),
              "Content-Type",
              "application/json",
              "apikey",
              keyOf(Visitor.INGEST_ONLY));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().at("/partialSuccess/rejectedSpans").asInt())
          .isEqualTo(org.equals("org-a") ? 0 : 2);
    }
    assertThat(counted(keyOf(Visitor.READ_ONLY))).isEqualTo(2);
    assertThat(counted(keyOf(Visitor.ADMIN))).isEqualTo(2);
  }

  @Test
  @DisplayName("an `admin` key may name any org or none, whatever organisation it belongs to")
  void adminKey_writesForAnyOrganisation_orNone() {
    String admin = key("org-a", null, KeyScope.ADMIN);
    for (@Nullable String org : new String[] {"org-a", "org-b", null}) {
      assertThat(post(event("e").put("org_id", org).toString(), "apikey", admin).status())
          .isEqualTo(202);
    }
    assertThat(counted(admin)).isEqualTo(3);
    assertThat(counted(keyOf(Visitor.READ_ONLY))).isEqualTo(1);
    assertThat(as(admin, "/telemetry?org_id=org-b").json().path("total_requests").intValue())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("Revocation is effective within 5 s; so is a key's end")
  void keyInUse_isRefusedSoonAfterRevocation_orExpiry() {
    String shortLived = key("org-a", Duration.ofMinutes(1), KeyScope.READ);
    String revoked = keyOf(Visitor.READ_ONLY);
    assertThat(as(revoked, "/telemetry").status()).isEqualTo(200);
    assertThat(as(shortLived, "/telemetry").status()).isEqualTo(200);

    server.keys().revoke(revoked.substring(0, 20));
    server.clock().set(NOW.plus(KEY_LIFE).plusSeconds(61));

    Waiting.until(
        "both keys are refused",
        Duration.ofSeconds(5),
        () ->
            as(revoked, "/telemetry").status() == 401
                && as(shortLived, "/telemetry").status() == 401);
  }

  @Test
  void newKey_isValidAtOnce_evenIfPresentedBefore() {
    KeySecret secret = KeySecret.generate();
    assertThat(as(secret.reveal(), "/telemetry").status()).isEqualTo(401);
    server.keys().add(secret, "org-a", Set.of(KeyScope.READ), null);
    assertThat(as(secret.reveal(), "/telemetry").status()).isEqualTo(200);
  }

  private static Map<String, List<Integer>> matrix() {
    Map<String, List<Integer>> statuses = new LinkedHashMap<>();
    MATRIX
        .lines()
        .map(line -> line.split(" +"))
        .forEach(
            row ->
                statuses.put(
                    row[0] + " " + row[1],
                    Arrays.stream(row).skip(2).map(Integer::valueOf).toList()));
    return statuses;
  }

  private static int status(List<Integer> statuses, Visitor visitor) {
    return statuses.get(List.of(Visitor.values()).indexOf(visitor));
  }

  private static String filled(String route, String job) {
    return route
        .replace("{id}", job)
        .replace("{name}", "page.js")
        .replace("{prefix}", "pst_none")
        .replace("{event_id}", "e-1-of-a");
  }

  @Test
  void admin_createsListsAndRevokesKeys_andEachIsShownOnce() {
    String admin = keyOf(Visitor.ADMIN);
    Answer made =
        send(
            "POST",
            "/keys",
            BodyPublishers.ofString(
                "{\"org_id\":\"org-a\",\"scopes\":[\"read\"],\"expires_in_days\":7}"),
            "apikey",
            admin);
    assertThat(made.status()).isEqualTo(201);
    String key = made.json().path("key").textValue();
    String prefix = made.json().path("prefix").textValue();
    assertThat(as(key, "/telemetry").status()).isEqualTo(200);
    assertThat(as(key, "/keys").status()).isEqualTo(403);

    Answer list = as(admin, "/keys");
    assertThat(list.text()).contains(prefix).doesNotContain(key);

    Answer rotated =
        send(
            "POST",
            "/keys/" + prefix + "/rotation",
            BodyPublishers.ofString("{\"overlap_days\":1}"),
            "apikey",
            admin);
    assertThat(rotated.status()).isEqualTo(201);
    assertThat(rotated.json().path("scopes")).isEqualTo(made.json().path("scopes"));
    assertThat(as(rotated.json().path("key").textValue(), "/telemetry").status()).isEqualTo(200);
    assertThat(as(key, "/telemetry").status()).isEqualTo(200);

    Answer revoked = send("DELETE", "/keys/" + prefix, BodyPublishers.noBody(), "apikey", admin);
    assertThat(revoked.json().path("revoked_at").isTextual()).isTrue();
    Waiting.until(
        "it is refused", Duration.ofSeconds(5), () -> as(key, "/telemetry").status() == 401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"scopes\":[\"read\"]}",
        "{\"org_id\":\"o\",\"scopes\":[\"write\"]}",
        "{\"org_id\":\"o\",\"scopes\":[]}",
        "{\"org_id\":7,\"scopes\":[\"read\"]}",
        "{\"org_id\":\"o\",\"scopes\":[\"read\"],\"expires_in_days\":0}",
        "{\"org_id\":\"o\",\"scopes\":[\"read\"],\"expires\":\"1m\"}",
        "[]"
      })
  void impossibleKey_isRefused(String wanted) {
    String admin = keyOf(Visitor.ADMIN);
    int before = as(admin, "/keys").json().path("keys").size();

    assertProblem(
        send("POST", "/keys", BodyPublishers.ofString(wanted), "apikey", admin),
        422,
        "INVALID_FIELD");

    assertThat(as(admin, "/keys").json().path("keys")).hasSize(before);
  }

  /** Events of both organisations and of none, and a day computed of them; the job's id. */
  private String seed() {
    String events =
        List.of("a", "b", "none").stream()
            .flatMap(
                org ->
                    java.util.stream.IntStream.range(0, 24)
                        .mapToObj(i -> marked(org, i).toString()))
            .collect(Collectors.joining("\n"));
    String admin = keyOf(Visitor.ADMIN);
    assertThat(post(events, "apikey", admin, "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);
    Answer queued =
        send("POST", "/jobs/daily-aggregates", BodyPublishers.noBody(), "apikey", admin);
    assertThat(queued.status()).isEqualTo(202);
    String job = queued.json().path("job_id").textValue();
    Waiting.until(
        "the day is computed",
        Duration.ofSeconds(30),
        () -> "succeeded".equals(as(admin, "/jobs/" + job).json().path("status").textValue()));
    return job;
  }

  /** An error and fallback of yesterday or of the day before, whose every name says whose it is. */
  private static ObjectNode marked(String org, int i) {
    ObjectNode event = event("e-" + i + "-of-" + org);
    event.put("timestamp", NOW.minus(1 + i % 2, ChronoUnit.DAYS).toString());
    event.put("org_id", org.equals("none") ? null : "org-" + org);
    event.put("user_id", "user-1");
    event.put("case_id", "case-of-" + org).put("trace_id", "trace-of-" + org);
    event.putObject("model").put("model_id", "model-of-" + org).put("adapter_id", "ad-of-" + org);
    event
        .putObject("response")
        .put("latency_ms", i)
        .put("status_code", 503)
        .put("error_code", "error-of-" + org)
        .put("fallback_to", "fallback-of-" + org);
    return event;
  }

  private Answer visit(String route, Visitor visitor) {
    String[] parts = route.split(" ", 2);
    @Nullable String key = keys.get(visitor);
    String[] headers = key == null ? new String[0] : new String[] {"apikey", key};
    if (parts[1].startsWith("/v1/")) {
      List<String> all = new ArrayList<>(List.of(headers));
      all.addAll(List.of("Content-Type", "application/x-protobuf"));
      return send(parts[0], parts[1], BodyPublishers.noBody(), all.toArray(String[]::new));
    }
    if (parts[0].equals("POST")) {
      String body =
          parts[1].equals("/events") ? event("visit").put("org_id", "org-a").toString() : "";
      return send("POST", parts[1], BodyPublishers.ofByteArray(body.getBytes(UTF_8)), headers);
    }
    // Nothing is erased that another route is to find.
    String query = route.equals("DELETE /events") ? "?org_id=org-a&event_id=none" : "?org_id=org-a";
    return send(parts[0], parts[1] + query, BodyPublishers.noBody(), headers);
  }
}
