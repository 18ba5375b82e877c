package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.server.cli.data.ImportCommand;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.embedded.InstalledPostgres;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is kept in one PostgreSQL is moved to another, by the commands of docs/takeover.md. */
class MoveIT {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String DATABASE = "pediscreen";
  private static final String USER = "telemetry";
  private static final String ORG = "org-1";

  @TempDir private Path directory;

  @Test
  void dumpUnderLoad_opensOnANewServer_andTheRestIsImported() throws Exception {
    Path programs = InstalledPostgres.programs().orElse(null);
    if (programs == null) {
      System.out.println("MoveIT is left out: this machine has no PostgreSQL with pg_dump");
    }
    assumeTrue(programs != null, "no PostgreSQL with pg_dump");
    List<String> commands = commands();
    try (InstalledPostgres here = start(programs, "here");
        InstalledPostgres there = start(programs, "there");
        PostgresServer old = PostgresServer.start(url(here), Map.of())) {
      old.clock().set(Instant.now());
      KeySecret admin = KeySecret.generate();
      KeySecret ofOrg = KeySecret.generate();
      old.keys().add(admin, null, Set.of(KeyScope.ADMIN), null);
      old.keys().add(ofOrg, ORG, Set.of(KeyScope.READ), null);
      Set<String> before;
      Set<String> all;
      try (Load load = new Load(old.uri().resolve("/events"), 1)) {
        Waiting.until(
            "events are taken", Duration.ofSeconds(60), () -> load.acknowledged().size() > 500);
        before = Set.copyOf(load.acknowledged());
        run(programs, here, there, commands.get(0));
        load.stop();
        all = load.acknowledged();
      }
      for (String command : commands.subList(1, commands.size())) {
        run(programs, here, there, command);
      }

      try (PostgresServer moved = PostgresServer.start(url(there), Map.of("AUTH", "required"))) {
        moved.clock().set(old.clock().instant());
        assertThat(get(moved, "/telemetry", null).statusCode()).isEqualTo(401);
        Set<String> ids = ids(events(moved, admin));
        assertThat(ids).containsAll(before);
        assertThat(all).containsAll(ids);
        assertThat(requests(moved, admin)).isEqualTo(ids.size());
        assertThat(requests(moved, ofOrg)).isBetween(1L, ids.size() - 1L);

        Path rest = Files.writeString(directory.resolve("rest.ndjson"), events(old, null), UTF_8);
        ImportCommand command = new ImportCommand();
        new CommandLine(command)
            .parseArgs(
                "--from", rest.toString(), "--refused", directory.resolve("refused").toString());
        assertThat(command.run(ServerConfig.of(Map.of("DATABASE_URL", url(there)))).stored())
            .isEqualTo(all.size() - ids.size());
        for (String action : List.of("overview", "models", "errors", "fallbacks", "series")) {
          assertThat(ask(moved, action, admin)).as(action).isEqualTo(ask(old, action, null));
        }
      }
    }
  }

  /** With a user and a database of the user's, as a server has. */
  private InstalledPostgres start(Path programs, String name) throws Exception {
    InstalledPostgres postgres =
        InstalledPostgres.start(programs, Files.createDirectory(directory.resolve(name)));
    try (Connection connection = connect(DatabaseUrl.parse(postgres.url("postgres")));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + USER + " LOGIN CREATEROLE");
      statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + USER);
      return postgres;
    } catch (SQLException e) {
      postgres.close();
      throw e;
    }
  }

  private static String url(InstalledPostgres postgres) {
    return postgres.url(USER, DATABASE);
  }

  private static Connection connect(DatabaseUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
  }

  /** Of the document, one a line. */
  private static List<String> commands() throws IOException {
    String document = Files.readString(Path.of("../docs/takeover.md"));
    int start = document.indexOf("pg_dump --schema");
    return document.substring(start, document.indexOf("```", start)).lines().toList();
  }

  /** As a shell does that has the variables which the document names. */
  private void run(Path programs, InstalledPostgres here, InstalledPostgres there, String command)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().put("PATH", programs + File.pathSeparator + System.getenv("PATH"));
    shell.environment().put("OLD_URL", url(here));
    shell.environment().put("NEW_URL", url(there));
    int status = shell.start().waitFor();
    assertThat(status).as("%s: %s", command, Files.readString(output)).isZero();
  }

  private static HttpResponse<String> get(
      PostgresServer server, String uri, @Nullable KeySecret key) {
    return key == null
        ? Http.get(server.uri().resolve(uri))
        : Http.get(server.uri().resolve(uri), "x-api-key", key.reveal());
  }

  private static String events(PostgresServer server, @Nullable KeySecret key) {
    return get(server, "/events.ndjson?from=2000-01-01T00:00:00Z", key).body();
  }

  private static Set<String> ids(String events) throws JsonProcessingException {
    Set<String> ids = new HashSet<>();
    for (String event : events.lines().toList()) {
      ids.add(JSON.readTree(event).path("event_id").asText());
    }
    return ids;
  }

  private static long requests(PostgresServer server, KeySecret key) {
    return ask(server, "overview", key).path("total_requests").asLong();
  }

  /** Without what differs from answer to answer, and what days that are computed meanwhile say. */
  private static JsonNode ask(PostgresServer server, String action, @Nullable KeySecret key) {
    String uri = "/telemetry?range=90d&limit=1000&action=" + action;
    ObjectNode answer = (ObjectNode) Http.json(get(server, uri, key));
    answer.remove(List.of("trace_id", "last_updated", "drift", "alerts"));
    return answer;
  }
}
