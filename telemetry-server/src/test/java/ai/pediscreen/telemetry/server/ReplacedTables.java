package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of the service that this one replaces, as it makes them, in a database of a test. */
final class ReplacedTables {

  private static final String TABLES =
      """
      CREATE TABLE telemetry_events (
        id serial PRIMARY KEY,
        event_id varchar(64) NOT NULL UNIQUE,
        timestamp timestamptz NOT NULL,
        org_id varchar(128), app varchar(128), user_id varchar(128), case_id varchar(128),
        model_id varchar(256), adapter_id varchar(256), provider varchar(64),
        latency_ms integer, status_code integer, error_flag boolean, fallback_to varchar(256),
        raw_json json);
      CREATE INDEX ix_telemetry_event_time_model ON telemetry_events (timestamp, model_id);
      CREATE TABLE daily_aggregates (
        id serial PRIMARY KEY,
        date date NOT NULL,
        model_id varchar(256) NOT NULL,
        calls integer NOT NULL,
        avg_latency double precision, error_rate double precision, fallback_count integer,
        psi double precision,
        created_at timestamptz DEFAULT now())
      """;

  private final String jdbcUrl;
  private final String user;
  private final String password;

  /** In schema public of the database, whoever else is there. */
  ReplacedTables(String databaseUrl) {
    DatabaseUrl url = DatabaseUrl.parse(databaseUrl);
    this.jdbcUrl = url.jdbcUrl() + "?currentSchema=public";
    this.user = String.valueOf(url.user());
    this.password = String.valueOf(url.password());
    execute(TABLES);
  }

  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Rows that nobody could object to, as the service writes them, from a given time back. */
  void addOrdinary(int rows, String until) {
    execute(
        """
        INSERT INTO telemetry_events (event_id, timestamp, org_id, user_id, model_id, provider,
          latency_ms, status_code, error_flag, fallback_to, raw_json)
        SELECT 'e' || i, ts, org, 'u', model, 'vertex', latency, status, status <> 200, fallback,
          json_build_object('event_id', 'e' || i, 'timestamp', ts, 'org_id', org, 'app', NULL,
            'user_id', 'u', 'case_id', NULL,
            'model', json_build_object('model_id', model, 'provider', 'vertex'), 'request', NULL,
            'response', json_build_object('latency_ms', latency, 'status_code', status,
              'fallback_to', fallback, 'error_code', CASE WHEN status <> 200 THEN 'BUSY' END),
            'cost_estimate_usd', 0.001, 'region', NULL, 'agent', NULL, 'trace_id', 't' || i)
        FROM (
          SELECT i, timestamptz '%2$s' - i * interval '1 minute' AS ts,
            CASE WHEN i %% 3 > 0 THEN 'clinic-' || i %% 3 END AS org, 'model-' || i %% 5 AS model,
            i %% 700 AS latency, CASE WHEN i %% 9 = 0 THEN 503 ELSE 200 END AS status,
            CASE WHEN i %% 11 = 0 THEN 'rules' END AS fallback
          FROM generate_series(1, %1$d) AS numbers (i)) AS made
        """
            .formatted(rows, until));
    execute("ANALYZE telemetry_events");
  }
}
