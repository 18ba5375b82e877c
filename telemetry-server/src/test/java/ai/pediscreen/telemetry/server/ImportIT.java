package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.cli.data.ImportCommand;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.http.Gzip;
import ai.pediscreen.telemetry.server.takeover.ImportFigures;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is stored elsewhere is taken over: from tables of the replaced service and from files. */
class ImportIT {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOW = "2026-03-10T12:00:00Z";

  @TempDir private Path directory;

  /**
   * What the replaced service may have stored, by its code, and what becomes of it.
   *
   * @param name as docs/takeover.md has it
   * @param columns of a row, beside id and time, and raw_json
   * @param refused the field for which it is refused; null if it is stored
   */
  private record OldRow(String name, String columns, String values, @Nullable String refused) {}

  private static final List<OldRow> OLD_ROWS =
      List.of(
          row("a cost that was sent as text", "", "", "{\"cost_estimate_usd\":0.5}"),
          row("a cost that is kept as text", "", "", "{\"cost_estimate_usd\":\"0.5\"}"),
          row("no `raw_json`", "latency_ms, status_code", "7, 200", null),
          row("no zone in the timestamp", "", "", "{\"timestamp\":\"2026-03-09T11:00:00\"}"),
          row("no status code", "error_flag", "TRUE", "{\"response\":null}"),
          row("an empty `fallback_to`", "status_code, fallback_to", "200, ''", "{}"),
          row("an empty `model_id`", "status_code, model_id", "200, ''", "{\"model\":{}}"),
          row("an e-mail address in the request", "", "", "{\"request\":{\"q\":\"a@b.org\"}}"),
          refused("a negative latency", "latency_ms", "-5", "{}", "response.latency_ms"),
          refused("a latency over a day", "latency_ms", "86400001", "{}", "response.latency_ms"),
          refused("a status code over 999", "status_code", "1200", "{}", "response.status_code"),
          refused("a negative cost", "", "", "{\"cost_estimate_usd\":-0.1}", "cost_estimate_usd"),
          refused(
              "a cost over a million", "", "", "{\"cost_estimate_usd\":1e7}", "cost_estimate_usd"),
          refused(
              "an error code that is no text",
              "",
              "",
              "{\"response\":{\"error_code\":503}}",
              "response.error_code"),
          refused("a `raw_json` that is no object", "", "", "[1]", "event"));

  @Test
  void everyOldRow_isStoredOrListed() throws Exception {
    String url = PostgresServer.freshDatabase();
    ReplacedTables old = new ReplacedTables(url);
    for (int i = 0; i < OLD_ROWS.size(); i++) {
      OldRow row = OLD_ROWS.get(i);
      old.execute(
          "INSERT INTO telemetry_events (event_id, timestamp%s) VALUES ('%s', '%s'%s)"
              .formatted(row.columns, "old-" + i, "2026-03-10T11:00:00+00:00", row.values));
    }
    old.execute(
        "INSERT INTO telemetry_events (event_id, timestamp) VALUES"
            + " ('%s', '%s'), ('  ', '%s'), ('control' || chr(7), '%s'), ('early', '1999-01-01')"
                .formatted("i".repeat(64), NOW, NOW, NOW));

    assertThat(run(url, "--from", url, "--dry-run")).isEqualTo(new ImportFigures(19, 9, 0, 10));
    assertThat(refusals()).hasSize(10);
    ImportFigures figures = run(url, "--from", url);
    assertThat(figures).isEqualTo(new ImportFigures(19, 9, 0, 10));

    List<JsonNode> refusals = refusals();
    for (int i = 0; i < OLD_ROWS.size(); i++) {
      String id = "old-" + i;
      String field = OLD_ROWS.get(i).refused;
      assertThat(refusals.stream().filter(line -> id.equals(line.path("event_id").asText())))
          .as(OLD_ROWS.get(i).name)
          .extracting(line -> line.at("/reasons/0/field").asText())
          .isEqualTo(field == null ? List.of() : List.of(field));
    }
    assertThat(refusals)
        .allMatch(line -> line.path("place").asText().matches("telemetry_events id \\d+"));
    String document = Files.readString(Path.of("../docs/takeover.md"));
    assertThat(OLD_ROWS).allMatch(row -> document.contains("| " + row.name + " |"));

    try (PostgresServer server = PostgresServer.start(url, Map.of())) {
      JsonNode overview = ask(server, "overview");
      assertThat(overview.path("total_requests").asLong()).isEqualTo(9);
      assertThat(overview.path("total_cost_usd").asDouble()).isEqualTo(1.0);
      assertThat(overview.path("fallback_count").asLong()).isZero();
      assertThat(overview.path("number_of_models").asLong()).isZero();
      // Those without a status code count as errors, here as there.
      assertThat(overview.path("success_count").asLong()).isEqualTo(3);
      assertThat(Http.get(server.uri().resolve("/events/old-3")).body())
          .contains("2026-03-10T11:00:00Z");
      assertThat(Http.get(server.uri().resolve("/events/old-7")).body())
          .contains("[redacted:email]");
    }
  }

  @Test
  void importStoppedThreeTimes_givesTheFiguresOfOneRun() throws Exception {
    String url = PostgresServer.freshDatabase();
    ReplacedTables old = new ReplacedTables(url);
    old.addOrdinary(9_000, NOW);

    for (int row : new int[] {3_000, 5_000, 7_000}) {
      // Ends where a page cannot be read, in the middle of what there is.
      old.execute("ALTER TABLE telemetry_events RENAME TO moved");
      old.execute(
          """
          CREATE VIEW telemetry_events AS
          SELECT id, event_id, timestamp, org_id, user_id, case_id, model_id, adapter_id, provider,
            latency_ms, status_code, fallback_to, raw_json,
            CASE WHEN id = %1$d THEN CAST(1 / (id - %1$d) AS text) ELSE app END AS app
          FROM moved
          """
              .formatted(row));
      assertThatThrownBy(() -> run(url, "--from", url))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("start it again");
      old.execute("DROP VIEW telemetry_events; ALTER TABLE moved RENAME TO telemetry_events");
    }
    ImportFigures figures = run(url, "--from", url);

    assertThat(figures.read()).isEqualTo(9_000);
    assertThat(figures.known()).as("stored before it was ended").isEqualTo(6_000);
    assertThat(figures.stored() + figures.known()).isEqualTo(9_000);
    assertThat(run(url, "--from", url)).isEqualTo(new ImportFigures(9_000, 0, 9_000, 0));
    try (PostgresServer server = PostgresServer.start(url, Map.of())) {
      JsonNode overview = ask(server, "overview");
      assertThat(overview.path("total_requests").asLong()).isEqualTo(9_000);
      assertThat(overview.path("error_count").asLong()).isEqualTo(1_000);
      assertThat(overview.path("fallback_count").asLong()).isEqualTo(818);
    }
  }

  @Test
  void fileOfAnotherServer_givesTheSameFigures(@TempDir Path files) throws Exception {
    String first = PostgresServer.freshDatabase();
    new ReplacedTables(first).addOrdinary(3_000, NOW);
    run(first, "--from", first);
    String second = PostgresServer.freshDatabase();
    try (PostgresServer one = PostgresServer.start(first, Map.of())) {
      String ndjson =
          Http.get(one.uri().resolve("/events.ndjson?from=2000-01-01T00:00:00Z")).body();
      Files.writeString(files.resolve("events.ndjson"), ndjson, StandardCharsets.UTF_8);
      assertThat(run(second, "--from", files.toString()))
          .isEqualTo(new ImportFigures(3_000, 3_000, 0, 0));
      InputStream standardInput = System.in;
      System.setIn(new ByteArrayInputStream(Gzip.of(ndjson)));
      try {
        assertThat(run(second, "--from", "-")).isEqualTo(new ImportFigures(3_000, 0, 3_000, 0));
      } finally {
        System.setIn(standardInput);
      }

      try (PostgresServer other = PostgresServer.start(second, Map.of())) {
        // Days are computed a moment after the start.
        Waiting.until(
            "both have computed their days",
            Duration.ofSeconds(90),
            () -> drift(one).size() > 0 && drift(one).equals(drift(other)));
        for (String action : List.of("overview", "models", "errors", "fallbacks", "drift")) {
          assertThat(ask(other, action)).as(action).isEqualTo(ask(one, action));
        }
      }
    }
  }

  @Test
  void daysOlderThanTheEvents_areKept_asTheOldServiceComputedThem() throws Exception {
    String url = PostgresServer.freshDatabase();
    ReplacedTables old = new ReplacedTables(url);
    old.addOrdinary(10, NOW);
    old.execute(
        """
        INSERT INTO daily_aggregates
          (date, model_id, calls, avg_latency, error_rate, fallback_count, psi)
        VALUES ('2026-03-01', 'm', 3, 1.5, 25, NULL, 0.25), ('2026-03-01', 'm', 4, 2.5, 50, 1, 0.5),
          ('2026-03-02', 'm', 7, NULL, 0, NULL, NULL), ('2026-03-02', ' ', 7, 1, 0, NULL, NULL),
          ('2026-03-02', 'bad', 7, 1, 101, NULL, NULL), ('2026-03-10', 'm', 1, 1, 0, 0, NULL)
        """);

    assertThat(run(url, "--from", url, "--dry-run").read()).isEqualTo(10);
    assertThat(refusals())
        .extracting(line -> line.path("place").asText())
        .containsExactly("daily_aggregates id 4", "daily_aggregates id 5");
    try (PostgresServer server = PostgresServer.start(url, Map.of())) {
      assertThat(aggregates(server, "")).isEmpty();
      for (int again = 0; again < 2; again++) {
        run(url, "--from", url);
        assertThat(aggregates(server, "").toString())
            .isEqualTo(
                "["
                    + aggregate("2026-03-01", "4,\"avg_latency\":2.5,\"error_rate\":50.0", 1, "0.5")
                    + ","
                    + aggregate("2026-03-02", "7,\"avg_latency\":0.0,\"error_rate\":0.0", 0, "null")
                    + "]");
      }
      assertThat(aggregates(server, "&org_id=clinic-1")).isEmpty();
      assertThat(aggregates(server, "&model_id=other")).isEmpty();
    }
  }

  private static JsonNode aggregates(PostgresServer server, String more) throws Exception {
    String uri = "/aggregates/daily?from=2026-02-20&to=2026-03-08" + more;
    return JSON.readTree(Http.get(server.uri().resolve(uri)).body()).path("aggregates");
  }

  private static String aggregate(String date, String figures, int fallbacks, String psi) {
    return """
    {"date":"%s","org_id":null,"model_id":"m","calls":%s,"fallback_count":%d,"psi":%s,\
    "p50_latency_ms":null,"p95_latency_ms":null,"p99_latency_ms":null,"cost_estimate_usd":null,\
    "tokens":null,"unpriced_calls":null,\
    "reference_count":null,"current_count":null,"verdict":null}\
    """
        .formatted(date, figures, fallbacks, psi);
  }

  @Test
  void invalidSource_isExplained() {
    String url = PostgresServer.freshDatabase();

    assertThatThrownBy(() -> run(url, "--from", url))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("has no table telemetry_events");
    assertThatThrownBy(() -> run(url, "--from", "nothing.ndjson")).hasMessageContaining("--from");
    assertThatThrownBy(() -> run(url, "--from", "mysql://here/there"))
        .hasMessageContaining("--from must begin with postgresql://");
  }

  @Test
  void importedCallsWithoutACost_getThePriceInForceAtTheirTime() throws Exception {
    String url = PostgresServer.freshDatabase();
    Path prices = directory.resolve("prices.json");
    Files.writeString(
        prices,
        """
        {"prices": [
          {"model": "priced", "from": "2026-01-01", "input": 4, "output": 10},
          {"model": "priced", "from": "2026-03-01", "input": 1, "output": 2}]}
        """);
    Path files = directory.resolve("priced.ndjson");
    Files.writeString(
        files,
        priced("before", "priced", "2026-02-20", "")
            + priced("after", "priced", "2026-03-05", "")
            + priced("told", "priced", "2026-03-05", "\"cost_estimate_usd\":7,")
            + priced("unknown", "another", "2026-03-05", ""));

    assertThat(
            run(
                Map.of("DATABASE_URL", url, "PRICES", prices.toString()),
                "--from",
                files.toString()))
        .isEqualTo(new ImportFigures(4, 4, 0, 0));

    try (PostgresServer server = PostgresServer.start(url, Map.of())) {
      assertThat(event(server, "before").path("cost_estimate_usd").decimalValue())
          .isEqualByComparingTo("14");
      assertThat(event(server, "before").path("cost_source").textValue()).isEqualTo("prices");
      assertThat(event(server, "after").path("cost_estimate_usd").decimalValue())
          .isEqualByComparingTo("3");
      assertThat(event(server, "told").path("cost_estimate_usd").decimalValue())
          .isEqualByComparingTo("7");
      assertThat(event(server, "told").has("cost_source")).isFalse();
      JsonNode overview = ask(server, "overview");
      assertThat(overview.path("total_cost_usd").decimalValue()).isEqualByComparingTo("24");
      assertThat(overview.path("unpriced_calls").intValue()).isOne();
    }
  }

  private static String priced(String id, String model, String day, String cost) {
    return """
    {"event_id":"%s","timestamp":"%sT10:00:00Z",%s"model":{"model_id":"%s"},\
    "request":{"input_tokens":1000000},"response":{"status_code":200,"output_tokens":1000000}}
    """
        .formatted(id, day, cost, model);
  }

  private static JsonNode event(PostgresServer server, String id) throws Exception {
    return JSON.readTree(Http.get(server.uri().resolve("/events/" + id)).body());
  }

  private ImportFigures run(String databaseUrl, String... arguments) {
    return run(Map.of("DATABASE_URL", databaseUrl), arguments);
  }

  private ImportFigures run(Map<String, String> settings, String... arguments) {
    ImportCommand command = new ImportCommand();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--refused", directory.resolve("refused.ndjson").toString()));
    new CommandLine(command).parseArgs(all.toArray(String[]::new));
    return command.run(ServerConfig.of(settings));
  }

  private List<JsonNode> refusals() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("refused.ndjson"))) {
      List<JsonNode> nodes = new ArrayList<>();
      for (String line : lines.toList()) {
        nodes.add(JSON.readTree(line));
      }
      return nodes;
    }
  }

  private static JsonNode drift(PostgresServer server) {
    try {
      return ask(server, "drift").path("drift_records");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without what differs from answer to answer. */
  private static JsonNode ask(PostgresServer server, String action) throws Exception {
    String uri = "/telemetry?range=30d&limit=1000&action=" + action;
    ObjectNode answer = (ObjectNode) JSON.readTree(Http.get(server.uri().resolve(uri)).body());
    answer.remove(List.of("trace_id", "last_updated"));
    return answer;
  }

  private static OldRow row(String name, String columns, String values, @Nullable String rawJson) {
    return oldRow(name, columns, values, rawJson, null);
  }

  private static OldRow refused(
      String name,
      String columns,
      String values,
      @Nullable String rawJson,
      @Nullable String field) {
    return oldRow(name, columns, values, rawJson, field);
  }

  private static OldRow oldRow(
      String name,
      String columns,
      String values,
      @Nullable String rawJson,
      @Nullable String field) {
    String more = columns.isEmpty() ? "" : ", " + columns;
    String given = values.isEmpty() ? "" : ", " + values;
    return rawJson == null
        ? new OldRow(name, more, given, field)
        : new OldRow(name, more + ", raw_json", given + ", '" + rawJson + "'", field);
  }
}
