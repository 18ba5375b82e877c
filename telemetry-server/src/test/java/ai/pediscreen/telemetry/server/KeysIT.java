package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar telemetry-server.jar keys …} beside a running server and without one. */
class KeysIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ADMIN_KEY = "init-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  private static final String EVENT =
      "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10T12:00:00Z\",\"response\":{}}";

  @TempDir private Path directory;

  @Test
  @DisplayName("A dump of the database and the whole log hold no key")
  void keys_areCreatedUsedListedAndRevoked_andLeaveNoTrace() throws Exception {
    int port = ServerProcess.freePort();
    Map<String, String> environment =
        Map.of("PORT", Integer.toString(port), "AUTH", "required", "INIT_ADMIN_KEY", ADMIN_KEY);
    StringBuilder output = new StringBuilder();
    String key;
    try (ServerProcess server = ServerProcess.startFirst(directory, environment, port)) {
      assertThat(server.output()).contains("keys create --org ORG");
      assertThat(get(server, "/telemetry", ADMIN_KEY).statusCode()).isEqualTo(200);

      Path said = directory.resolve("said");
      key =
          create(
              said,
              "--org",
              "clinic-7",
              "--scope",
              "ingest,read",
              "--expires",
              "90d",
              "--events-per-second",
              "50");
      assertThat(key).matches("pst_[0-9a-f]{16}_[0-9a-f]{64}");
      assertThat(Files.readString(said))
          .contains("of clinic-7 may ingest,read until")
          .contains("not shown again");
      output.append(Files.readString(said));
      String prefix = key.substring(0, 20);

      assertThat(get(server, "/telemetry", key).statusCode()).isEqualTo(200);
      assertThat(get(server, "/jobs/x", key).statusCode()).isEqualTo(403);
      assertThat(get(server, "/telemetry?range=" + key, key).statusCode()).isEqualTo(400);
      assertThat(get(server, "/telemetry", key.substring(0, 84) + "x").statusCode()).isEqualTo(401);
      assertThat(Http.postJson(server.uri("/events"), EVENT, "x-api-key", key).statusCode())
          .isEqualTo(202);

      String listed = run(0, "list");
      assertThat(listed)
          .containsPattern(
              prefix
                  + " +ingest,read +[0-9TZ:-]+ +[0-9TZ:-]+ +valid until [0-9TZ:-]+ +50 +clinic-7")
          .containsPattern("own_[0-9a-f]{16} +admin +[0-9TZ:-]+ +[0-9TZ:-]+ +valid +- +\\(none\\)");
      output.append(listed);
      String rotated = run(0, "rotate", prefix, "--overlap", "1h");
      assertThat(rotated).contains("of clinic-7 may ingest,read until");
      Matcher next = Pattern.compile("pst_[0-9a-f]{16}_[0-9a-f]{64}").matcher(rotated);
      assertThat(next.find()).isTrue();
      assertThat(get(server, "/telemetry", next.group()).statusCode()).isEqualTo(200);
      assertThat(get(server, "/telemetry", key).statusCode()).isEqualTo(200);
      output.append(run(0, "revoke", prefix));
      Waiting.until(
          "the revoked key is refused",
          Duration.ofSeconds(5),
          () -> get(server, "/telemetry", key).statusCode() == 401);
      assertThat(run(2, "revoke", "pst_0000000000000000"))
          .contains("there is no valid key of this prefix");

      List<String> dump = dump();
      assertThat(dump)
          .anyMatch(row -> row.contains(prefix) && row.contains("clinic-7"))
          .anyMatch(row -> row.contains("own_"));
      output.append(String.join("\n", dump));
      assertThat(server.stop(Duration.ofSeconds(20))).isEqualTo(143);
      output.append(server.output());
    }
    assertThat(output.toString())
        .doesNotContain(key.substring(21))
        .doesNotContain(ADMIN_KEY)
        .doesNotContain(ADMIN_KEY.substring(5));

    // Without a server the command starts the database itself; the revoked key stays revoked.
    assertThat(run(0, "list")).contains("revoked 2").contains("clinic-7");
  }

  @Test
  void impossibleKey_isRefusedInASentence_beforeADatabaseIsStarted() throws Exception {
    assertThat(run(2, "create", "--scope", "read"))
        .contains("a key without an organisation must have scope admin");
    assertThat(run(2, "create", "--org", "o", "--scope", "write"))
        .contains("must be one of ingest, read, erase, jobs, metrics, admin");
    assertThat(run(2, "create", "--org", "o", "--scope", "read", "--expires", "soon"))
        .contains("must be days, hours or minutes: 90d, 12h, 30m, or never");
    assertThat(directory.resolve("telemetry-data")).doesNotExist();
  }

  /** What a shell has of {@code $(keys create …)}; what else is said goes to a file. */
  private String create(Path said, String... arguments) throws Exception {
    List<String> command = ServerProcess.command("keys", "create");
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(said.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    return output.stripTrailing();
  }

  private List<String> dump() throws SQLException {
    List<String> dump =
        DatabaseDump.of(
            EmbeddedPostgres.runningIn(directory.resolve("telemetry-data")).orElseThrow());
    assertThat(dump).contains("table access_key", "table event", "table flyway_schema_history");
    return dump;
  }

  private static HttpResponse<String> get(ServerProcess server, String path, String key) {
    return Http.get(server.uri(path), "apikey", key);
  }

  private String run(int exitCode, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "keys";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (ServerProcess process = ServerProcess.launch(directory, Map.of(), 0, all)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}
