package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and commands with the key that ids were replaced with, with another, and without. */
class PseudonymKeyIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Map<String, String> KEY = Map.of("PSEUDONYM_KEY", "k".repeat(32));
  private static final Map<String, String> ANOTHER = Map.of("PSEUDONYM_KEY", "x".repeat(32));
  private static final String EVENT =
      "{\"event_id\":\"e\",\"timestamp\":\"2026-03-10T11:00:00Z\",\"org_id\":\"clinic-7\","
          + "\"case_id\":\"c-1\",\"user_id\":\"u-1\"}";

  @TempDir private Path directory;
  private final String database = PostgresServer.freshDatabase();

  @Test
  void case_isFoundOnlyWithItsPseudonymKey_andAnotherKeyIsRefused() throws Exception {
    try (PostgresServer server = PostgresServer.start(database, KEY)) {
      assertThat(Http.postJson(server.uri().resolve("/events"), EVENT).statusCode()).isEqualTo(202);
    }
    for (List<String> command :
        List.of(
            List.of("erase", "--org", "clinic-7", "--case", "c-1"),
            List.of("erase", "--user", "u-1"),
            List.of("hold", "add", "--org", "clinic-7", "--case", "c-1"),
            List.of("hold", "remove", "--org", "clinic-7", "--case", "c-1"))) {
      assertThat(run(1, Map.of(), command)).contains("PSEUDONYM_KEY must be set");
    }
    assertThat(run(1, ANOTHER, List.of("erase", "--user", "u-1")))
        .contains("PSEUDONYM_KEY must be the key that made");
    assertThatThrownBy(() -> PostgresServer.start(database, Map.of()).close())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("PSEUDONYM_KEY must be set");
    assertThatThrownBy(() -> PostgresServer.start(database, ANOTHER).close())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("PSEUDONYM_KEY must be the key that made");

    assertThat(run(0, KEY, List.of("hold", "add", "--org", "clinic-7", "--case", "c-1")))
        .doesNotContain("c-1")
        .contains("1 hold");
    assertThat(run(0, KEY, List.of("hold", "remove", "--org", "clinic-7", "--case", "c-1")))
        .contains("0 holds");
    assertThat(run(0, KEY, List.of("erase", "--org", "clinic-7", "--case", "c-1")))
        .contains("events: 1");
    assertThat(run(0, Map.of(), List.of("erase", "--org", "clinic-7"))).contains("is complete");
  }

  @Test
  void anotherKey_isAccepted_onceTheFirstIsForgotten() throws Exception {
    PostgresServer.start(database, KEY).close();
    forget();

    PostgresServer.start(database, ANOTHER).close();

    assertThat(run(1, KEY, List.of("erase", "--case", "c-1")))
        .contains("PSEUDONYM_KEY must be the key that made");
  }

  private void forget() throws SQLException {
    DatabaseUrl url = DatabaseUrl.parse(database);
    try (Connection connection =
            DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM pedi_telemetry.pseudonym_key");
    }
  }

  private String run(int exitCode, Map<String, String> settings, List<String> command)
      throws Exception {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("DATABASE_URL", database);
    String[] arguments = command.toArray(String[]::new);
    try (ServerProcess process = ServerProcess.launch(directory, environment, 0, arguments)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}
