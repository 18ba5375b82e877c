package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.usage.spi.LatencyHistogram;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what stopped servers left in their database with a recount from the raw events. */
final class Recount {

  /**
   * Every rollup row that the raw events call for, as text; kept ones only. They begin with a full
   * minute, or hour, so that a row is asked of both sides or of none.
   */
  private static final String WIDTHS =
      """
      (VALUES (1, 'minute', date_trunc('minute', now() - interval '47 hours', 'UTC')),
        (60, 'hour', date_trunc('hour', now() - interval '99 days', 'UTC')),
        (1440, 'day', '-infinity'))
        AS width (minutes, unit, since)
      """;

  private static final String SCOPED =
      """
      (SELECT width.minutes, scope, date_trunc(width.unit, ts, 'UTC') AS bucket, event.*
       FROM event CROSS JOIN %s
         CROSS JOIN LATERAL (VALUES ('*'), ('=' || org_id)) AS scopes (scope)
       WHERE scope <> '=' AND ts >= width.since) AS scoped
      """
          .formatted(WIDTHS);

  /** What the ledger should hold. */
  private static final String KEYS =
      """
      SELECT CAST(CASE WHEN erased THEN CAST(substr(event_id, 8, 32) AS uuid)
        ELSE ledger_key(org_id, event_id) END AS text)
      FROM event
      """;

  private static final String EXPECTED_USAGE =
      """
      SELECT concat_ws('|', minutes, scope, extract(epoch FROM bucket), model_id, count(*),
        count(*) FILTER (WHERE error), count(fallback_to), coalesce(sum(latency_ms), 0),
        trim_scale(coalesce(sum(cost_usd), 0)), extract(epoch FROM max(ts)))
      FROM %s
      GROUP BY minutes, scope, bucket, model_id
      """
          .formatted(SCOPED);

  private static final String STORED_USAGE =
      """
      SELECT concat_ws('|', width_minutes, scope, extract(epoch FROM bucket), model_id, calls,
        errors, fallbacks, latency_sum_ms, trim_scale(cost_usd), extract(epoch FROM newest))
      FROM usage_rollup JOIN %s ON minutes = width_minutes
      WHERE bucket >= width.since
      """
          .formatted(WIDTHS);

  private static final String EXPECTED_LABELS =
      """
      SELECT concat_ws('|', minutes, scope, extract(epoch FROM bucket), model_id, kind, label,
        count(*), extract(epoch FROM max(ts)))
      FROM %s CROSS JOIN LATERAL (VALUES
        ('error', CASE WHEN error
          THEN coalesce(error_code, 'http_' || status_code, 'unknown') END),
        ('fallback', fallback_to),
        ('adapter', payload #>> '{model,adapter_id}'),
        ('provider', payload #>> '{model,provider}')) AS labels (kind, label)
      WHERE label IS NOT NULL
      GROUP BY minutes, scope, bucket, model_id, kind, label
      """
          .formatted(SCOPED);

  private static final String STORED_LABELS =
      """
      SELECT concat_ws('|', width_minutes, scope, extract(epoch FROM bucket), model_id, kind,
        label, events, extract(epoch FROM newest))
      FROM label_rollup JOIN %s ON minutes = width_minutes
      WHERE bucket >= width.since
      """
          .formatted(WIDTHS);

  private Recount() {}

  /** Fails unless every acknowledged event is there once and every rollup equals the recount. */
  static void check(Path dataDirectory, Set<String> acknowledged) throws SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDirectory)) {
      check(postgres, acknowledged);
    }
  }

  /**
   * The same in a PostgreSQL that runs.
   *
   * @return the ids of all events that are stored
   */
  static Set<String> check(EmbeddedPostgres postgres, Set<String> acknowledged)
      throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            postgres.jdbcUrl() + "?currentSchema=pedi_telemetry",
            postgres.username(),
            postgres.password())) {
      fold(postgres, connection);
      // In one transaction now() is the same for both sides.
      connection.setAutoCommit(false);
      List<String> stored = column(connection, "SELECT event_id FROM event");
      assertThat(new HashSet<>(stored)).as("events stored").hasSameSizeAs(stored);
      assertThat(stored).as("events that were acknowledged").containsAll(acknowledged);
      assertThat(column(connection, "SELECT CAST(key AS text) FROM event_ledger"))
          .as("ledger")
          .containsExactlyInAnyOrderElementsOf(column(connection, KEYS));
      assertSame(connection, "usage_rollup", EXPECTED_USAGE, STORED_USAGE);
      assertSame(connection, "label_rollup", EXPECTED_LABELS, STORED_LABELS);
      assertThat(storedHistograms(connection)).isEqualTo(expectedHistograms(connection));
      return Set.copyOf(stored);
    }
  }

  /** What was appended and not folded when the server died is folded by the next one. */
  private static void fold(EmbeddedPostgres postgres, Connection connection) throws SQLException {
    PostgresSettings settings =
        PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
    try (PostgresTelemetry telemetry = PostgresTelemetry.open(settings, Duration.ofSeconds(30))) {
      telemetry.ping();
      long start = System.nanoTime();
      while (!column(connection, "SELECT org_id FROM usage_pending").isEmpty()) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      }
    }
  }

  private static void assertSame(
      Connection connection, String table, String expected, String stored) throws SQLException {
    List<String> rows = column(connection, expected);
    assertThat(rows).as("recount for " + table).isNotEmpty();
    Set<String> missing = new HashSet<>(rows);
    Set<String> surplus = new HashSet<>(column(connection, stored));
    missing.removeAll(surplus);
    surplus.removeAll(rows);
    assertThat(missing).as("%s lacks, while it has %s", table, surplus).isEmpty();
    assertThat(surplus).as("%s has too many", table).isEmpty();
  }

  private static Map<String, LatencyHistogram> storedHistograms(Connection connection)
      throws SQLException {
    Map<String, LatencyHistogram> histograms = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT scope, bucket, model_id, latencies FROM usage_rollup"
                    + " WHERE width_minutes = 1440")) {
      while (row.next()) {
        histograms.put(
            row.getString(1) + row.getString(2) + row.getString(3),
            LatencyHistogram.fromBytes(row.getBytes(4)));
      }
    }
    return histograms;
  }

  private static Map<String, LatencyHistogram> expectedHistograms(Connection connection)
      throws SQLException {
    Map<String, LatencyHistogram> histograms = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT scope, bucket, model_id, latency_ms FROM "
                    + SCOPED
                    + " WHERE minutes = 1440")) {
      while (row.next()) {
        LatencyHistogram histogram =
            histograms.computeIfAbsent(
                row.getString(1) + row.getString(2) + row.getString(3),
                key -> new LatencyHistogram());
        long latencyMillis = row.getLong(4);
        if (!row.wasNull()) {
          histogram.record(latencyMillis);
        }
      }
    }
    return histograms;
  }

  private static List<String> column(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }
}
