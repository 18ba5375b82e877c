package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
import ai.pediscreen.telemetry.server.logging.FakeSentry;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/**
 * Sends an identifier of each class that HIPAA's Safe Harbor lists through every field and route,
 * in requests that are accepted and refused, and then searches everything that left the server's
 * memory: the database and the files below it, Redis, BigQuery, Sentry, what server and worker
 * printed, and every answer.
 */
class PhiCanaryIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ADMIN_KEY = "init-5f8e7d6c5b4a39281706f5e4d3c2b1a0";
  private static final String CONTROL = "control-7f31";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How an identifier is found, if it is. */
  private enum Found {
    BY_FORM,
    UNDER_A_KEY,
    NOT
  }

  /**
   * One class of identifiers.
   *
   * @param name as SECURITY.md calls it
   * @param key what a program might call it
   * @param value as a person might write it
   * @param needle the part of the value that tells
   */
  private record Canary(String name, Found found, String key, String value, String needle) {}

  private static final List<Canary> CANARIES =
      List.of(
          canary(
              "names", Found.UNDER_A_KEY, "patient_name", "Aurelia Quickenborne", "Quickenborne"),
          canary("addresses", Found.UNDER_A_KEY, "address", "4217 Juniper Rd", "4217 Juniper"),
          canary("dates of birth", Found.UNDER_A_KEY, "birthDate", "2021-11-29", "2021-11-29"),
          canary("telephone numbers", Found.BY_FORM, "contact", "415-555-2671", "555-2671"),
          canary("fax numbers", Found.BY_FORM, "line", "fax (617) 555-0143", "555-0143"),
          canary(
              "e-mail addresses", Found.BY_FORM, "sender", "aq@juniper-mail.com", "juniper-mail"),
          canary("social security numbers", Found.BY_FORM, "number", "523-71-8846", "71-8846"),
          canary("medical record numbers", Found.BY_FORM, "record", "MRN: 84319275", "84319275"),
          canary("health plan numbers", Found.NOT, "plan", "HPB-77120934", "77120934"),
          canary("account numbers", Found.NOT, "account", "ACCT-55190027", "55190027"),
          canary("certificate and licence numbers", Found.NOT, "licence", "LIC-9920187", "9920187"),
          canary("vehicle numbers", Found.NOT, "vehicle", "1HGCM82633A004352", "1HGCM82633A"),
          canary("device serial numbers", Found.NOT, "device", "SN-DX-448120", "DX-448120"),
          canary("URLs", Found.NOT, "page", "https://home.example/quick-1182", "quick-1182"),
          canary("IP addresses", Found.NOT, "ip", "203.0.113.77", "203.0.113.77"),
          canary("biometric identifiers", Found.NOT, "voice", "voiceprint-a81fe0", "a81fe0"),
          canary("photographs", Found.NOT, "photo", "face-20931.jpg", "face-20931"),
          canary("any other code", Found.NOT, "code", "study-KX-3310", "KX-3310"));

  private final List<String> answers = new ArrayList<>();
  private final ArrayNode events = JSON.createArrayNode();

  @TempDir private Path directory;

  @Test
  void identifiersTheGuardFinds_areNowhere_andNoSentValueIsInAnswersLogsOrRedis() throws Exception {
    int port = ServerProcess.freePort();
    String output;
    List<String> redisContents;
    List<String> dump;
    List<String> files;
    List<String> exported;
    List<String> reports;
    try (FakeBigQuery bigQuery = FakeBigQuery.start("p-1");
        FakeSentry sentry = new FakeSentry();
        EmbeddedPostgres postgres =
            EmbeddedPostgres.start(directory.resolve("pg"), PostgresServer.PROGRAMS);
        RedisProcess redis = RedisProcess.start(directory);
        ServerProcess server =
            ServerProcess.start(directory, settings(postgres, redis, bigQuery, sentry), port);
        ServerProcess worker =
            ServerProcess.launch(
                directory, settings(postgres, redis, bigQuery, sentry), port, "worker")) {
      sendEvents(server);
      int calls = sendSpans(server);
      sendWhatIsRefused(server);
      readEvents(server);
      ask(server);
      computeADay(server);
      Waiting.until(
          "all events have left",
          LIMIT,
          () -> bigQuery.values("events", "event_id").size() == events.size() + calls);
      Waiting.until("the day has left", LIMIT, () -> !bigQuery.rows("daily_aggregates").isEmpty());
      exported =
          Stream.of("events", "daily_aggregates", "daily_drift")
              .flatMap(table -> bigQuery.rows(table).stream())
              .map(Object::toString)
              .toList();
      redisContents = contents(redis);
      EmbeddedPostgres.Access access = postgres.administrator();
      dump = DatabaseDump.of(access);
      execute(access, "CHECKPOINT");
      files = files(directory.resolve("pg"));
      failUnexpectedly(server, access);
      Waiting.until("the failures are reported", LIMIT, () -> !sentry.events().isEmpty());
      server.stop(Duration.ofSeconds(20));
      worker.stop(Duration.ofSeconds(20));
      output = server.output() + worker.output();
      reports = sentry.bodies();
    }

    // The search finds what is there.
    assertThat(String.join("\n", answers)).contains("[redacted:email]");
    assertThat(output).contains("is ready at").contains("Worker takes jobs");
    assertThat(redisContents).anyMatch(value -> value.contains("succeeded"));
    assertThat(dump)
        .contains("table event", "table event_ledger", "table daily_aggregate", "table audit_entry")
        .anyMatch(row -> row.contains("events_read") && row.contains("case_id="))
        .anyMatch(row -> row.contains("worker_started"))
        .anyMatch(row -> row.contains(CONTROL));
    assertThat(files).anyMatch(file -> file.contains(CONTROL));
    assertThat(exported)
        .anyMatch(row -> row.contains(CONTROL))
        .anyMatch(row -> row.contains("[redacted:email]"));
    for (Canary canary : CANARIES) {
      String needle = canary.needle();
      assertThat(answers).as("answers").noneMatch(answer -> answer.contains(needle));
      assertThat(output).as("output").doesNotContain(needle);
      assertThat(redisContents).as("Redis").noneMatch(value -> value.contains(needle));
      assertThat(reports).as("Sentry").noneMatch(report -> report.contains(needle));
      if (canary.found() == Found.NOT) {
        assertThat(exported).as("said not to be found").anyMatch(row -> row.contains(needle));
        assertThat(dump).as("said not to be found").anyMatch(row -> row.contains(needle));
      } else {
        assertThat(exported).as("BigQuery").noneMatch(row -> row.contains(needle));
        assertThat(dump).as("database").noneMatch(row -> row.contains(needle));
        boolean inFiles = files.stream().anyMatch(file -> file.contains(needle));
        assertThat(inFiles).as("files of the database: " + needle).isFalse();
      }
    }
    assertThat(dump)
        .noneMatch(row -> row.contains("user-4471") || row.contains("case-4471"))
        .noneMatch(row -> row.contains("Theodora"))
        .anyMatch(row -> row.contains("[redacted:free_text]"));
  }

  @Test
  @DisplayName("SECURITY.md names the classes that the guard cannot find")
  void securityDocument_saysOfEachClassWhetherItIsFound() throws Exception {
    String document = Files.readString(Path.of("..", "SECURITY.md"), UTF_8).replaceAll("\\s+", " ");
    Map<Found, String> headings = new LinkedHashMap<>();
    headings.put(Found.BY_FORM, "**Found by form**");
    headings.put(Found.UNDER_A_KEY, "**Found under keys**");
    headings.put(Found.NOT, "**Not found**");
    for (Canary canary : CANARIES) {
      String heading = headings.get(canary.found());
      int start = document.indexOf(heading);
      assertThat(start).as(heading).isNotNegative();
      String claim = document.substring(start, document.indexOf(" - **", start + 1));
      assertThat(claim).contains(canary.name());
    }
  }

  /** Every field of an event, and every place where a field of the sender's own can be. */
  private void sendEvents(ServerProcess server) {
    for (Canary canary : CANARIES) {
      if (canary.found() != Found.NOT) {
        // Under no key that tells, what has no form of its own needs a label.
        String text =
            canary.found() == Found.BY_FORM
                ? "see " + canary.value() + ", please"
                : canary.key() + "=" + canary.value();
        for (String field :
            List.of("app", "user_id", "case_id", "region", "agent", "trace_id", "comment")) {
          event().put(field, text);
        }
        for (String field : List.of("model_id", "adapter_id", "provider", "note")) {
          event().putObject("model").put(field, text);
        }
        for (String field : List.of("fallback_to", "error_code", "answer")) {
          event().putObject("response").put(field, text);
        }
        event().put(canary.key(), canary.value());
        event().putObject("model").put(canary.key(), canary.value());
        event().putObject("response").put(canary.key(), canary.value());
        event().putObject("request").put(text, 1).putArray(text).add(text);
        event().putObject("request").put("body", "{\"" + canary.key() + "\":\"" + text + "\"}");
      }
      ObjectNode request = event().putObject("request");
      request.put(canary.key(), canary.value());
      request.putArray("messages").addObject().put(canary.key(), canary.value());
    }
    String words = "The child came with both parents and stacked six blocks. ".repeat(10);
    event().putObject("request").put("prompt", "Theodora was seen today. " + words);
    event().putObject("response").put("answer", words + "Theodora is well.");
    event().put("user_id", "user-4471").put("case_id", "case-4471").put("agent", CONTROL);

    HttpResponse<String> answer = postEvents(server, "application/json", events.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(Http.json(answer).path("accepted").intValue()).isEqualTo(events.size());
    postEvents(server, "application/json", events.toString());
  }

  /** Every place of a span and of a log record, those that are mapped to an event's fields too. */
  private int sendSpans(ServerProcess server) {
    int calls = 0;
    for (Canary canary : CANARIES) {
      boolean byForm = canary.found() == Found.BY_FORM;
      String text =
          byForm ? "see " + canary.value() + ", please" : canary.key() + "=" + canary.value();
      // What cannot be found is told nowhere all the same, but for the fields of an event.
      String mapped = canary.found() == Found.NOT ? "nobody" : text;
      String attributes =
          attribute("gen_ai.operation.name", "chat")
              + attribute("gen_ai.request.model", "canary-model")
              + attribute("gen_ai.input.messages", text)
              + attribute("gen_ai.prompt.0.content", text)
              + attribute("output.value", text)
              + attribute(canary.key(), canary.value())
              + attribute("gen_ai.agent.name", mapped)
              + attribute("session.id", mapped)
              + attribute("enduser.id", mapped)
              + attribute("error.type", mapped);
      String resource = attribute("service.name", mapped) + attribute(canary.key(), text);
      String nanos = Instant.now().minus(Duration.ofDays(1)).toEpochMilli() + "000000";
      String span =
          """
          {"resourceSpans":[{"resource":{"attributes":[%1$s{}]},"scopeSpans":[{
          "scope":{"name":"%2$s"},"spans":[{"traceId":"%3$032x","spanId":"%3$016x",
          "name":"%2$s","startTimeUnixNano":"%4$s","attributes":[%5$s{}],
          "events":[{"name":"%2$s","attributes":[%6$s{}]}],
          "status":{"code":2,"message":"%2$s"}}]}]}]}
          """
              .formatted(resource, text, calls + 1, nanos, attributes, attribute("message", text));
      String log =
          """
          {"resourceLogs":[{"resource":{"attributes":[%1$s{}]},"scopeLogs":[{"logRecords":[{
          "timeUnixNano":"%2$s","body":{"stringValue":"%3$s"},"severityText":"%3$s",
          "attributes":[%4$s{}]}]}]}]}
          """
              .formatted(resource, nanos, text, attributes);
      assertThat(otlp(server, "/v1/traces", span)).isEqualTo("{}");
      assertThat(otlp(server, "/v1/logs", log)).isEqualTo("{}");
      otlp(server, "/v1/traces", span.replace("\"traceId\":\"", "\"traceId\":\"" + text));
      otlp(server, "/v1/traces", span.substring(0, span.length() - 9));
      otlp(server, "/v1/metrics", "{\"resourceMetrics\":[\"" + text + "\"]}");
      calls += 2;
    }
    return calls;
  }

  private static String attribute(String key, String value) {
    return "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}},".formatted(key, value);
  }

  private String otlp(ServerProcess server, String path, String body) {
    return keep(Http.post(server.uri(path), "application/json", body, "apikey", ADMIN_KEY)).body();
  }

  private void sendWhatIsRefused(ServerProcess server) throws IOException {
    for (Canary canary : CANARIES) {
      String value = canary.value();
      String quoted = JSON.writeValueAsString(value);
      if (canary.found() == Found.BY_FORM) {
        refused(server, "{'event_id':V,'timestamp':'2026-03-10'}", quoted);
        refused(server, "{'event_id':'e','org_id':V,'timestamp':'2026-03-10'}", quoted);
        refused(server, "[{'event_id':V,'timestamp':'2026-03-10','cost_estimate_usd':-1}]", quoted);
        get(server, "/telemetry?action=none", "x-request-id", value);
        get(server, "/telemetry", "x-request-id", value);
        get(server, "/nowhere", "x-request-id", value);
      }
      for (String body :
          List.of(
              "{'event_id':'e','timestamp':[V]}",
              "{'event_id':'e','timestamp':'2026-03-10','response':{'latency_ms':V}}",
              "{'event_id':'e','timestamp':'2026-03-10','request':V}",
              "{'event_id':'e','timestamp':'2026-03-10','model':{V:1,V:2}}",
              "{'event_id':'e','timestamp':'2026-03-10',V}",
              "{'event_id':'e','timestamp':'2026-03-10','region':'" + value.repeat(20) + "'}",
              "V",
              "[V]",
              "{'event_id':V")) {
        refused(server, body, quoted);
      }
      assertThat(postEvents(server, "text/plain", value).statusCode()).isEqualTo(415);
      assertThat(postEvents(server, "text/" + canary.key(), value).statusCode()).isEqualTo(415);
      for (String body : List.of("{'date':[V]}", "{V:", "V")) {
        HttpResponse<String> answer =
            Http.postJson(
                server.uri("/jobs/daily-aggregates"),
                body.replace('\'', '"').replace("V", quoted),
                "apikey",
                ADMIN_KEY);
        assertThat(answer.statusCode()).isIn(400, 422);
        keep(answer);
      }
      String encoded = URLEncoder.encode(value, UTF_8);
      for (String path :
          List.of(
              "/telemetry?action=",
              "/telemetry?range=",
              "/telemetry?limit=",
              "/telemetry?org_id=",
              "/telemetry?model_id=",
              "/telemetry?action=errors&x=",
              "/metrics_dashboard?window=",
              "/aggregates/daily?from=",
              "/aggregates/daily?model_id=",
              "/jobs/",
              "/",
              "/events?q=",
              "/health?q=",
              "/%zz?q=")) {
        get(server, path.replace("%zz", "%25zz") + encoded);
      }
      get(server, "/telemetry", "traceparent", value);
      get(server, "/telemetry?range=" + encoded, "Origin", value);
      get(server, "/telemetry?range=" + encoded, "User-Agent", value);
      keep(Http.get(server.uri("/telemetry"), "apikey", value));
      keep(Http.get(server.uri("/telemetry"), "Authorization", "Bearer " + value));
    }
  }

  /** Whatever the audit log might keep of a question. */
  private void readEvents(ServerProcess server) {
    for (Canary canary : CANARIES) {
      String encoded = URLEncoder.encode(canary.value(), UTF_8);
      for (String name : List.of("event_id", "trace_id", "case_id", "user_id")) {
        get(server, "/events?" + name + "=" + encoded);
      }
      get(server, "/events/" + encoded);
      if (canary.found() == Found.BY_FORM) {
        get(server, "/events.csv?model_id=" + encoded);
        get(server, "/events.ndjson?org_id=" + encoded);
        get(server, "/drift.csv?model_id=" + encoded);
      }
    }
  }

  private void refused(ServerProcess server, String body, String quoted) {
    HttpResponse<String> answer =
        postEvents(server, "application/json", body.replace('\'', '"').replace("V", quoted));
    assertThat(answer.statusCode()).as(body).isIn(400, 422);
  }

  private void ask(ServerProcess server) {
    for (String path :
        List.of(
            "/telemetry",
            "/telemetry?action=models",
            "/telemetry?action=errors&limit=1000",
            "/telemetry?action=fallbacks&limit=1000",
            "/telemetry?action=drift",
            "/metrics_dashboard",
            "/aggregates/daily",
            "/health",
            "/livez",
            "/readyz",
            "/metrics",
            "/openapi.json")) {
      get(server, path);
    }
  }

  private void computeADay(ServerProcess server) {
    HttpResponse<String> queued =
        Http.postJson(server.uri("/jobs/daily-aggregates"), "", "apikey", ADMIN_KEY);
    assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
    keep(queued);
    String job = "/jobs/" + Http.json(queued).path("job_id").textValue();
    Waiting.until(
        "the day is computed",
        LIMIT,
        () -> get(server, job).body().contains("\"status\":\"succeeded\""));
    assertThat(Http.json(get(server, "/aggregates/daily")).path("aggregates")).isNotEmpty();
  }

  /** An event of yesterday that is sent with the others. */
  private ObjectNode event() {
    ObjectNode event = events.addObject();
    event.put("event_id", "canary-" + events.size());
    event.put("timestamp", Instant.now().minus(Duration.ofDays(1)).toString());
    return event;
  }

  private HttpResponse<String> postEvents(ServerProcess server, String contentType, String body) {
    return keep(Http.post(server.uri("/events"), contentType, body, "apikey", ADMIN_KEY));
  }

  private HttpResponse<String> get(ServerProcess server, String path, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "apikey";
    all[1] = ADMIN_KEY;
    return keep(Http.get(server.uri(path), all));
  }

  private HttpResponse<String> keep(HttpResponse<String> answer) {
    answers.add(answer.headers().map() + "\n" + answer.body());
    return answer;
  }

  /** Makes every stored event unreadable, so that asking for them fails where nobody expects it. */
  private void failUnexpectedly(ServerProcess server, EmbeddedPostgres.Access access)
      throws SQLException {
    execute(
        access, "UPDATE event SET payload = CAST(CAST(payload AS jsonb) - 'timestamp' AS json)");
    assertThat(get(server, "/events.csv").statusCode()).isEqualTo(500);
    assertThat(get(server, "/events.ndjson").statusCode()).isEqualTo(500);
  }

  private static Map<String, String> settings(
      EmbeddedPostgres postgres, RedisProcess redis, FakeBigQuery bigQuery, FakeSentry sentry) {
    String address = postgres.jdbcUrl().replaceFirst("^jdbc:postgresql://", "");
    Map<String, String> settings = new HashMap<>(ExportIT.settings(bigQuery));
    settings.put(
        "DATABASE_URL",
        "postgresql://%s:%s@%s".formatted(postgres.username(), postgres.password(), address));
    settings.put("REDIS_URL", redis.url().toString());
    settings.put("RETENTION_DAYS", "10");
    settings.put("AUTH", "required");
    settings.put("INIT_ADMIN_KEY", ADMIN_KEY);
    settings.put("PSEUDONYM_KEY", "0123456789abcdef0123456789abcdef");
    settings.put("SENTRY_DSN", sentry.dsn().value());
    return settings;
  }

  static List<String> contents(RedisProcess redis) {
    List<String> contents = new ArrayList<>();
    try (RedisClient client = redis.client()) {
      for (String key : client.keys("*")) {
        contents.add(key);
        contents.add(
            switch (client.type(key)) {
              case "string" -> client.get(key);
              case "hash" -> client.hgetAll(key).toString();
              case "stream" -> client.xrange(key, "-", "+").toString();
              case "zset" -> client.zrange(key, 0, -1).toString();
              default -> throw new AssertionError("a type that this test cannot read: " + key);
            });
      }
    }
    return contents;
  }

  private static void execute(EmbeddedPostgres.Access access, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                access.jdbcUrl() + "?currentSchema=pedi_telemetry",
                access.username(),
                access.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What the database wrote: tables, write-ahead log, its own log. */
  private static List<String> files(Path below) throws IOException {
    try (Stream<Path> paths = Files.walk(below)) {
      return paths.filter(Files::isRegularFile).map(PhiCanaryIT::bytes).toList();
    }
  }

  private static String bytes(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Canary canary(String name, Found found, String key, String value, String needle) {
    return new Canary(name, found, key, value, needle);
  }
}
