package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erases what was sent by every route, and searches wherever the server has put something. */
class ErasureIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String KEY = "init-5f8e7d6c5b4a39281706f5e4d3c2b1a0";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One identifier of each kind, each of an event of its own, and the text of all of them. */
  private static final List<String> IDENTIFIERS =
      List.of(
          "event-8841",
          "case-8842",
          "user-8843",
          "span-user-8844",
          "of-org-8845",
          "eee19b7ec3c1b174",
          "Theodora");

  @TempDir private Path directory;

  @Test
  void erasedEvents_areNowhere_figuresStay_andNothingCountsAgain() throws Exception {
    int port = ServerProcess.freePort();
    String output;
    try (FakeBigQuery bigQuery = FakeBigQuery.start("p-1");
        EmbeddedPostgres postgres =
            EmbeddedPostgres.start(directory.resolve("pg"), PostgresServer.PROGRAMS);
        RedisProcess redis = RedisProcess.start(directory);
        ServerProcess server =
            ServerProcess.start(directory, settings(postgres, redis, bigQuery), port)) {
      send(server);
      Waiting.until("all has left", LIMIT, () -> bigQuery.rows("events").size() == 6);
      assertThat(everything(server, postgres, redis, bigQuery)).contains(IDENTIFIERS);
      JsonNode figures = figures(server);

      List<String> choices =
          List.of(
              "event_id=event-8841",
              "case_id=case-8842",
              "user_id=user-8843",
              "user_id=span-user-8844",
              "org_id=org-8845");
      for (JsonNode receipt : erased(server, choices)) {
        for (String place : List.of("events", "ledger", "bigquery")) {
          assertThat(receipt.at("/counts/" + place).intValue()).as(place).isEqualTo(1);
        }
      }

      assertThat(everything(server, postgres, redis, bigQuery))
          .doesNotContain(IDENTIFIERS.toArray(String[]::new))
          .contains("stays-1", "case-of-another");
      assertThat(bigQuery.rows("events")).hasSize(6);
      assertThat(figures(server)).isEqualTo(figures);
      send(server);
      assertThat(figures(server)).isEqualTo(figures);
      for (JsonNode receipt : erased(server, choices)) {
        assertThat(receipt.path("counts")).allMatch(count -> count.asInt() == 0);
      }
      assertThat(everything(server, postgres, redis, bigQuery))
          .doesNotContain(IDENTIFIERS.toArray(String[]::new));
      server.stop(Duration.ofSeconds(20));
      output = server.output();
    }
    assertThat(output).contains("is complete").doesNotContain(IDENTIFIERS.toArray(String[]::new));
  }

  @Test
  @DisplayName("An erasure goes on after kill -9, and its receipt counts each event once")
  void erasureOfAKilledServer_continuesAfterItsStart() {
    int port = ServerProcess.freePort();
    int events = 10_000;
    ServerProcess server = ServerProcess.start(directory, port);
    try {
      String lines =
          IntStream.range(0, events)
              .mapToObj(i -> event("e" + i).put("case_id", "case-8842").toString())
              .collect(Collectors.joining("\n"));
      ServerProcess first = server;
      // A server that has just started may be too slow at first; it is asked again, as senders do.
      Waiting.until(
          "all are stored",
          LIMIT,
          () ->
              Http.post(first.uri("/events"), "application/x-ndjson", lines, "Accept", "*/*")
                      .statusCode()
                  == 202);
      JsonNode figures = Http.json(Http.get(server.uri("/telemetry?range=7d")));
      String receipt =
          Http.delete(server.uri("/events?case_id=case-8842"), "Accept", "*/*")
              .headers()
              .firstValue("Location")
              .orElseThrow();
      Waiting.until("it has begun", LIMIT, () -> counted(first, receipt) > 0);
      server.kill();
      assertThat(first.output()).doesNotContain("is complete");
      server = ServerProcess.start(directory, port);
      ServerProcess again = server;

      Waiting.until(
          "it is complete",
          LIMIT,
          () -> Http.json(Http.get(again.uri(receipt))).path("status").asText().equals("complete"));
      JsonNode counts = Http.json(Http.get(again.uri(receipt))).path("counts");
      assertThat(counts.path("events").intValue()).isEqualTo(events);
      assertThat(counts.path("ledger").intValue()).isEqualTo(events);
      assertThat(Http.json(Http.get(again.uri("/events?case_id=case-8842"))).path("events"))
          .isEmpty();
      assertThat(Http.json(Http.get(again.uri("/telemetry?range=7d"))).path("total_requests"))
          .isEqualTo(figures.path("total_requests"));
    } finally {
      server.close();
    }
  }

  private static int counted(ServerProcess server, String receipt) {
    return Http.json(Http.get(server.uri(receipt))).at("/counts/events").intValue();
  }

  /** By each route: one event, an array, NDJSON, and a span. */
  private void send(ServerProcess server) {
    post(server, "application/json", event("event-8841").toString());
    post(server, "application/json", "[" + event("e-2").put("case_id", "case-8842") + "]");
    post(
        server,
        "application/x-ndjson",
        Stream.of(
                event("e-3").put("user_id", "user-8843"),
                event("of-org-8845").put("org_id", "org-8845"),
                event("stays-1").put("case_id", "case-of-another").remove(List.of("request")))
            .map(Object::toString)
            .collect(Collectors.joining("\n")));
    HttpResponse<String> spans =
        Http.postJson(server.uri("/v1/traces"), span("span-user-8844"), "apikey", KEY);
    assertThat(spans.statusCode()).as(spans.body()).isEqualTo(200);
  }

  private static String span(String user) {
    long nanos =
        Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS).getEpochSecond()
            * 1_000_000_000L;
    return """
    {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
      "spanId":"eee19b7ec3c1b174","name":"chat m","kind":3,
      "startTimeUnixNano":"%d","endTimeUnixNano":"%d",
      "attributes":[
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
        {"key":"gen_ai.request.model","value":{"stringValue":"m"}},
        {"key":"enduser.id","value":{"stringValue":"%s"}}]}]}]}]}
    """
        .formatted(nanos, nanos + 1_000_000_000L, user);
  }

  private static ObjectNode event(String id) {
    ObjectNode event = JSON.createObjectNode();
    event.put("event_id", id);
    event.put("timestamp", Instant.now().minus(Duration.ofDays(1)).toString());
    event.putObject("model").put("model_id", "m");
    event.putObject("request").put("prompt", "Theodora was seen today");
    event.putObject("response").put("status_code", 503).put("error_code", "timeout");
    return event;
  }

  private static void post(ServerProcess server, String contentType, String body) {
    HttpResponse<String> answer =
        Http.post(server.uri("/events"), contentType, body, "apikey", KEY);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
  }

  /** Asks for all, and returns the receipts once they are complete. */
  private static List<JsonNode> erased(ServerProcess server, List<String> choices) {
    List<String> receipts = new ArrayList<>();
    for (String choice : choices) {
      HttpResponse<String> asked = Http.delete(server.uri("/events?" + choice), "apikey", KEY);
      assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
      receipts.add(asked.headers().firstValue("Location").orElseThrow());
    }
    for (String receipt : receipts) {
      Waiting.until(
          "it is erased", LIMIT, () -> get(server, receipt, "status").asText().equals("complete"));
    }
    return receipts.stream()
        .map(receipt -> Http.json(Http.get(server.uri(receipt), "apikey", KEY)))
        .toList();
  }

  private static JsonNode get(ServerProcess server, String path, String field) {
    return Http.json(Http.get(server.uri(path), "apikey", KEY)).path(field);
  }

  private static JsonNode figures(ServerProcess server) {
    ObjectNode figures = JSON.createObjectNode();
    for (String field :
        List.of("total_requests", "error_rate", "fallback_rate", "p95_latency_ms")) {
      figures.set(field, get(server, "/telemetry?range=7d", field));
    }
    figures.set("models", get(server, "/telemetry?action=models&range=7d", "models"));
    figures.set("organisations", get(server, "/organisations", "organisations"));
    return figures;
  }

  /** What is in the database, in Redis, in BigQuery and in answers. */
  private static String everything(
      ServerProcess server, EmbeddedPostgres postgres, RedisProcess redis, FakeBigQuery bigQuery)
      throws Exception {
    List<String> all = new ArrayList<>();
    all.addAll(
        DatabaseDump.of(
            new EmbeddedPostgres.Access(
                postgres.jdbcUrl(), postgres.username(), postgres.password())));
    all.addAll(PhiCanaryIT.contents(redis));
    bigQuery.rows("events").forEach(row -> all.add(row.toString()));
    for (String path :
        List.of(
            "/events.csv",
            "/events.ndjson",
            "/telemetry?action=errors&limit=1000",
            "/aggregates/daily",
            "/metrics")) {
      all.add(Http.get(server.uri(path), "apikey", KEY).body());
    }
    return String.join("\n", all);
  }

  private static Map<String, String> settings(
      EmbeddedPostgres postgres, RedisProcess redis, FakeBigQuery bigQuery) {
    Map<String, String> settings = new HashMap<>(ExportIT.settings(bigQuery));
    settings.put(
        "DATABASE_URL",
        "postgresql://%s:%s@%s"
            .formatted(
                postgres.username(),
                postgres.password(),
                postgres.jdbcUrl().replaceFirst("^jdbc:postgresql://", "")));
    settings.put("REDIS_URL", redis.url().toString());
    settings.put("AUTH", "required");
    settings.put("INIT_ADMIN_KEY", KEY);
    return settings;
  }
}
