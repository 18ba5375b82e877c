package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server and commands beside it enter, and {@code audit verify} and {@code audit export}.
 */
class AuditIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ADMIN_KEY = "init-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void actsOfServerAndCommands_areOneChain_inTableLogAndFile() throws Exception {
    int port = ServerProcess.freePort();
    Map<String, String> settings =
        Map.of(
            "PORT",
            Integer.toString(port),
            "ENV",
            "production",
            "AUTH",
            "required",
            "INIT_ADMIN_KEY",
            ADMIN_KEY,
            "REQUESTS_PER_SECOND",
            "1000");
    String output;
    try (ServerProcess server = ServerProcess.startFirst(directory, settings, port)) {
      String made = run(0, "keys", "create", "--org", "clinic-7", "--scope", "read,erase");
      String prefix =
          made.lines().filter(line -> line.startsWith("pst_")).findFirst().orElseThrow();
      run(0, "erase", "--org", "clinic-7", "--case", "case-4471");
      run(
          0,
          "events",
          "--from",
          "2026-03-01",
          "--to",
          "2026-03-02",
          "--org",
          "clinic-7",
          "--out",
          "events.csv");
      run(0, "keys", "revoke", prefix.substring(0, 20));
      assertThat(run(0, "hold", "add", "--org", "clinic-7", "--case", "case-4472"))
          .contains("clinic-7, case case-4472, since ");
      run(0, "hold", "add", "--org", " clinic-7 ");
      assertThat(run(0, "hold", "list"))
          .contains("clinic-7, all events, since ", "case case-4472", " by no key", "2 holds");
      assertThat(run(0, "hold", "remove", "--org", "clinic-7")).contains("1 hold");
      assertThat(run(2, "hold", "remove", "--org", "clinic-7")).contains("there is no such hold");
      run(0, "aggregate", "--from", "2026-03-01", "--to", "2026-03-02");
      run(0, "backup", "--out", "backup.zip");
      assertThat(run(0, "retention", "confirm")).contains("on; no day is deleted");
      Waiting.until("the key is refused", LIMIT, () -> status(server, prefix) == 401);
      Waiting.until(
          "the start and the first use are entered",
          LIMIT,
          () -> {
            int unused = status(server, ADMIN_KEY);
            return actions(server).containsAll(List.of("server_started", "key_first_used"));
          });

      assertThat(actions(server).stream().filter(action -> !action.contains("used")).toList())
          .containsExactlyInAnyOrder(
              "server_started",
              "key_created",
              "key_created",
              "erasure_requested",
              "erasure_completed",
              "file_asked",
              "file_given",
              "key_revoked",
              "hold_placed",
              "hold_placed",
              "hold_released",
              "job_requested",
              "backup_asked",
              "retention_confirmed");
      assertThat(entries(server, "?action=job_requested").get(0).path("selection").textValue())
          .isEqualTo("from=2026-03-01&to=2026-03-02");
      JsonNode start = entries(server, "?action=server_started").get(0);
      assertThat(start.path("key").textValue()).isEqualTo("server");
      assertThat(start.path("selection").textValue())
          .contains("AUTH=required", "INIT_ADMIN_KEY=set", "PORT=" + port)
          .contains("REQUESTS_PER_SECOND=1000");
      assertThat(entries(server, "?key=command_line")).hasSize(11);

      assertThat(run(0, "audit", "verify"))
          .containsPattern("[0-9]+ entries, the newest of .*Z, unbroken");
      assertThat(run(0, "audit", "export", "--out", "audit.ndjson")).contains(" entries are in ");
      assertThat(run(2, "audit", "export", "--out", "audit.ndjson")).contains("exists already");
      List<String> file = Files.readAllLines(directory.resolve("audit.ndjson"), UTF_8);
      assertThat(JSON.readTree(file.get(0)).path("sequence").intValue()).isEqualTo(1);
      assertThat(file.get(file.size() - 1)).contains("\"hash\"");

      change("UPDATE audit_entry SET count = 7 WHERE sequence = 3");
      assertThat(run(1, "audit", "verify")).contains("entry 3 was changed");
      server.stop(Duration.ofSeconds(20));
      output = server.output();
    }
    assertThat(output)
        .contains("\\\"action\\\":\\\"server_started\\\"")
        .contains("\\\"action\\\":\\\"access_refused\\\"")
        .doesNotContain("case-4471", "case-4472", ADMIN_KEY);
  }

  @Test
  void readWhoseEntryIsRefused_isNotAnswered_andEventsAreAccepted() throws Exception {
    String url = PostgresServer.freshDatabase();
    try (PostgresServer server = PostgresServer.start(url, Map.of())) {
      String event = "{\"event_id\":\"%s\",\"timestamp\":\"2026-03-10T12:00:00Z\"}";
      assertThat(
              Http.postJson(server.uri().resolve("/events"), event.formatted("e-1")).statusCode())
          .isEqualTo(202);
      change(url, "ADD CONSTRAINT no_room CHECK (sequence < 0) NOT VALID");
      for (String path : List.of("/events/e-1", "/events.csv?from=2026-03-10")) {
        HttpResponse<String> answer = Http.get(server.uri().resolve(path));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
            .doesNotContain("e-1")
            .contains("recorded in the audit log, which is blocked");
      }
      assertThat(Http.put(server.uri().resolve("/holds?org_id=o")).statusCode()).isEqualTo(503);
      assertThat(
              Http.postJson(server.uri().resolve("/keys"), "{\"scopes\":[\"admin\"]}").statusCode())
          .isEqualTo(503);
      assertThat(
              Http.delete(server.uri().resolve("/events?event_id=e-1"), "Accept", "*/*")
                  .statusCode())
          .isEqualTo(503);
      assertThat(
              Http.postJson(server.uri().resolve("/events"), event.formatted("e-2")).statusCode())
          .isEqualTo(202);
      change(url, "DROP CONSTRAINT no_room");
      // What could not be entered was not done.
      assertThat(Http.json(Http.get(server.uri().resolve("/holds"))).path("holds")).isEmpty();
      assertThat(Http.json(Http.get(server.uri().resolve("/keys"))).path("keys")).isEmpty();
      assertThat(Http.get(server.uri().resolve("/events/e-1")).statusCode()).isEqualTo(200);
      assertThat(Http.get(server.uri().resolve("/events.csv?from=2026-03-10")).body())
          .contains("e-1", "e-2");
    }
  }

  private static void change(String url, String alteration) throws SQLException {
    try (Connection connection = PostgresServer.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE pedi_telemetry.audit_entry " + alteration);
    }
  }

  private static int status(ServerProcess server, String key) {
    return Http.get(server.uri("/telemetry"), "apikey", key).statusCode();
  }

  private static List<String> actions(ServerProcess server) {
    return entries(server, "?limit=1000").stream()
        .map(entry -> entry.path("action").textValue())
        .toList();
  }

  private static List<JsonNode> entries(ServerProcess server, String query) {
    JsonNode answer = Http.json(Http.get(server.uri("/audit" + query), "apikey", ADMIN_KEY));
    List<JsonNode> entries = new ArrayList<>();
    answer.path("entries").forEach(entries::add);
    return entries;
  }

  private void change(String sql) throws SQLException {
    EmbeddedPostgres.Access access =
        EmbeddedPostgres.runningIn(directory.resolve("telemetry-data")).orElseThrow();
    try (Connection connection =
            DriverManager.getConnection(
                access.jdbcUrl() + "?currentSchema=pedi_telemetry",
                access.username(),
                access.password());
        Statement statement = connection.createStatement()) {
      // Its owner may.
      statement.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER");
      statement.execute(sql);
    }
  }

  private String run(int exitCode, String... arguments) throws Exception {
    try (ServerProcess process = ServerProcess.launch(directory, Map.of(), 0, arguments)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}
