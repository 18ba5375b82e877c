package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.cli.DoctorCommand;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server whose role in PostgreSQL owns nothing, beside the owner of its tables. */
class RightsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PASSWORD = "of-this-test";

  /** SQLSTATE insufficient_privilege. */
  private static final String REFUSED = "42501";

  private final String database = PostgresServer.freshDatabase();
  private final String owner = as("rights_owner");
  private final String server = as("rights_server");

  @BeforeEach
  void makeRoles() {
    String name = database.substring(database.lastIndexOf('/') + 1);
    PostgresServer.execute("CREATE ROLE rights_owner LOGIN PASSWORD '" + PASSWORD + "'");
    PostgresServer.execute("CREATE ROLE rights_server LOGIN PASSWORD '" + PASSWORD + "'");
    PostgresServer.execute("ALTER DATABASE " + name + " OWNER TO rights_owner");
    PostgresServer.execute("GRANT pedi_telemetry_tenant TO rights_server");
  }

  @AfterEach
  void dropRoles() {
    PostgresServer.execute("DROP DATABASE " + database.substring(database.lastIndexOf('/') + 1));
    PostgresServer.execute("DROP ROLE rights_server");
    PostgresServer.execute("DROP ROLE rights_owner");
  }

  @Test
  @DisplayName("All that a server does goes with few rights, and what goes beyond them is refused")
  void serverWithLimitedRights_works_andCanDoNothingElse() throws Exception {
    Map<String, String> settings = Map.of("MIGRATE_DATABASE_URL", owner, "RETENTION_DAYS", "2");
    assertThat(doctor()).contains("has not been granted what it needs");
    try (PostgresServer running = PostgresServer.start(server, settings)) {
      Waiting.until(
          "the owner's sessions are over",
          LIMIT,
          () -> values(database, "SELECT usename FROM pg_stat_activity", "rights_owner").isEmpty());
      takeEvents(running);
      findEvents(running);
      computeADay(running);
      eraseAndHold(running);
      expire(running);
      assertThat(entries(running))
          .contains("events_read", "hold_placed", "erasure_completed", "server_started");
    }
    // Another start finds all as it was, and needs no owner.
    try (PostgresServer running = PostgresServer.start(server, Map.of("RETENTION_DAYS", "2"))) {
      assertThat(post(running, "later", "2026-03-10T11:00:00Z")).isEqualTo(202);
    }
    assertThat(doctor()).contains("is not the owner and has what it needs").doesNotContain("FAIL");
    ownsNothing();
    mayNot();
  }

  private String doctor() {
    return String.join(
        "\n",
        DoctorCommand.examine(
                ServerConfig.of(Map.of("DATABASE_URL", server, "MIGRATE_DATABASE_URL", owner)))
            .lines());
  }

  private static void takeEvents(PostgresServer running) {
    assertThat(post(running, "past", "2026-03-08T10:00:00Z")).isEqualTo(202);
    assertThat(post(running, "held", "2026-03-08T11:00:00Z")).isEqualTo(202);
    assertThat(post(running, "yesterday", "2026-03-09T10:00:00Z")).isEqualTo(202);
    assertThat(post(running, "now", "2026-03-10T11:59:00Z")).isEqualTo(202);
    assertThat(post(running, "far", "2031-01-01T00:00:00Z")).isEqualTo(202);
    assertThat(post(running, "old", "2020-01-01T00:00:00Z")).isEqualTo(202);
    assertThat(json(running, "/telemetry?range=7d").path("total_requests").intValue()).isEqualTo(4);
    assertThat(json(running, "/telemetry?range=7d&org_id=clinic").path("total_requests").intValue())
        .isEqualTo(4);
  }

  private static void findEvents(PostgresServer running) {
    assertThat(Http.get(running.uri().resolve("/events/past")).statusCode()).isEqualTo(200);
    assertThat(json(running, "/events?case_id=case-yesterday").path("events")).hasSize(1);
  }

  private static void computeADay(PostgresServer running) {
    HttpResponse<String> asked =
        Http.postJson(running.uri().resolve("/jobs/daily-aggregates"), "{\"date\":\"2026-03-09\"}");
    String job = "/jobs/" + Http.json(asked).path("job_id").textValue();
    Waiting.until(
        "the day is computed",
        LIMIT,
        () -> json(running, job).path("status").asText().equals("succeeded"));
    assertThat(json(running, "/aggregates/daily?from=2026-03-09").path("aggregates")).isNotEmpty();
  }

  private static void eraseAndHold(PostgresServer running) {
    assertThat(
            Http.put(running.uri().resolve("/holds?org_id=clinic&case_id=case-held")).statusCode())
        .isEqualTo(200);
    String receipt =
        Http.delete(
                running.uri().resolve("/events?org_id=clinic&case_id=case-yesterday"),
                "Accept",
                "*/*")
            .headers()
            .firstValue("Location")
            .orElseThrow();
    Waiting.until(
        "it is erased",
        LIMIT,
        () -> json(running, receipt).path("status").asText().equals("complete"));
    assertThat(json(running, receipt).at("/counts/events").intValue()).isEqualTo(1);
  }

  /** A day past its retention is dropped at the start; what is held of it stays. */
  private void expire(PostgresServer running) {
    running.restartAt(Instant.parse("2026-03-11T12:00:00Z"));
    Waiting.until(
        "the day is dropped",
        LIMIT,
        () -> values(owner, "SELECT relname FROM pg_class", "event_p20260308").isEmpty());
    Waiting.until(
        "a day that is over has its indexes",
        LIMIT,
        () ->
            !values(owner, "SELECT indexname FROM pg_indexes", "event_p20260309_by_user_id")
                .isEmpty());
    assertThat(Http.get(running.uri().resolve("/events/past")).statusCode()).isEqualTo(404);
    assertThat(Http.get(running.uri().resolve("/events/held")).statusCode()).isEqualTo(200);
  }

  private void ownsNothing() throws SQLException {
    assertThat(
            values(
                database,
                """
                SELECT kind || ' ' || name FROM (
                  SELECT 'table' AS kind, relname AS name, relowner AS owner FROM pg_class
                  UNION ALL SELECT 'function', proname, proowner FROM pg_proc
                  UNION ALL SELECT 'schema', nspname, nspowner FROM pg_namespace
                  UNION ALL SELECT 'database', datname, datdba FROM pg_database) AS owned
                WHERE owner = CAST('rights_server' AS regrole)
                """,
                null))
        .isEmpty();
  }

  private void mayNot() throws SQLException {
    List<String> tables =
        values(
            owner,
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                + " AND relnamespace = CAST('pedi_telemetry' AS regnamespace)",
            null);
    assertThat(tables).contains("event", "event_default", "event_p20260309", "audit_entry");
    for (String table : tables) {
      for (String statement :
          List.of(
              "DROP TABLE %s",
              "TRUNCATE %s CASCADE",
              "ALTER TABLE %s DISABLE TRIGGER ALL",
              "ALTER TABLE %s ADD COLUMN more text",
              "ALTER TABLE %s DISABLE ROW LEVEL SECURITY")) {
        assertThat(refusal(statement.formatted("pedi_telemetry." + table)))
            .as(statement, table)
            .isEqualTo(REFUSED);
      }
    }
    for (String statement :
        List.of(
            "CREATE TABLE pedi_telemetry.mine (one text)",
            "CREATE SCHEMA mine",
            "CREATE FUNCTION pedi_telemetry.mine() RETURNS void LANGUAGE sql AS ''",
            "UPDATE pedi_telemetry.audit_entry SET count = 7",
            "UPDATE pedi_telemetry.audit_entry SET hash = 'f'",
            "DELETE FROM pedi_telemetry.audit_entry",
            "UPDATE pedi_telemetry.audit_chain SET expired_sequence = 100",
            "UPDATE pedi_telemetry.audit_chain SET kept_days = 1",
            "UPDATE pedi_telemetry.audit_chain SET secret = 'known'",
            "DELETE FROM pedi_telemetry.audit_chain",
            "DELETE FROM pedi_telemetry.event",
            "DELETE FROM pedi_telemetry.flyway_schema_history",
            "SET session_replication_role = replica",
            "SET ROLE rights_owner")) {
      assertThat(refusal(statement)).as(statement).isEqualTo(REFUSED);
    }
    for (String edge : List.of("now() + interval '1 year'", "'infinity'", "NULL")) {
      String expire = "SELECT pedi_telemetry.expire_audit_entries(%s, 1000)".formatted(edge);
      assertThat(values(server, expire, null)).as(edge).containsExactly("0");
    }
    assertThat(values(owner, "SELECT action FROM pedi_telemetry.audit_entry", "hold_placed"))
        .hasSize(1);
  }

  @Test
  void stepsForAnAdministrator_areNamed() {
    Map<String, String> settings = Map.of("MIGRATE_DATABASE_URL", owner);
    assertStart(owner, settings, "rights_owner is that owner");
    PostgresServer.execute("GRANT rights_owner TO rights_server");
    assertStart(server, settings, "rights_server is a member of it");
    PostgresServer.execute("REVOKE rights_owner FROM rights_server");
    assertStart(server, Map.of(), "and user rights_server may not create it");
    assertStart(
        server,
        Map.of(),
        "if it is to own nothing, first run the command migrate with MIGRATE_DATABASE_URL");
  }

  @Test
  void anotherDatabase_isNotMigrated_inPlaceOfTheServers() throws Exception {
    String other = PostgresServer.freshDatabase();
    assertStart(server, Map.of("MIGRATE_DATABASE_URL", other), "name two databases");
    assertThat(values(other, "SELECT nspname FROM pg_namespace", "pedi_telemetry")).isEmpty();
  }

  private static void assertStart(String url, Map<String, String> settings, String message) {
    assertThatThrownBy(() -> PostgresServer.start(url, settings).close())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(message);
  }

  private static int post(PostgresServer running, String id, String timestamp) {
    return Http.postJson(
            running.uri().resolve("/events"),
            """
            {"event_id":"%1$s","timestamp":"%2$s","org_id":"clinic","case_id":"case-%1$s",
             "model":{"model_id":"m-1"},"response":{"latency_ms":30,"status_code":200}}
            """
                .formatted(id, timestamp))
        .statusCode();
  }

  private static JsonNode json(PostgresServer running, String path) {
    return Http.json(Http.get(running.uri().resolve(path)));
  }

  private static String entries(PostgresServer running) {
    return Http.get(running.uri().resolve("/audit")).body();
  }

  private String as(String role) {
    return database.replaceFirst("//.*@", "//" + role + ":" + PASSWORD + "@");
  }

  /** The values of the first column, or of them the one that is looked for. */
  private static List<String> values(String url, String sql, @Nullable String wanted)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = PostgresServer.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        if (wanted == null || wanted.equals(rows.getString(1))) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  /** The SQLSTATE with which the database refuses a statement to the server's role. */
  private String refusal(String sql) throws SQLException {
    try (Connection connection = PostgresServer.connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return "done";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }
}
