package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The events of the service that this one replaces, in its table {@code telemetry_events}. The
 * columns say what they hold, since its figures were made of them; {@code raw_json} says the rest.
 *
 * <p>Nothing is written or locked, and no transaction is held open: rows are read by their ids,
 * some thousand at a time, so that the service may go on.
 */
public final class ReplacedService implements EventSource {

  /** SQLSTATE undefined_table. */
  private static final String NO_TABLE = "42P01";

  private static final int PAGE_ROWS = 2_000;

  private static final String PAGE =
      """
      SELECT id, event_id, "timestamp", org_id, app, user_id, case_id, model_id, adapter_id,
        provider, latency_ms, status_code, fallback_to, raw_json
      FROM telemetry_events
      WHERE id > ?
      ORDER BY id
      LIMIT %d
      """
          .formatted(PAGE_ROWS);

  private final Connection connection;
  private final long total;
  private final Deque<Row> page = new ArrayDeque<>();
  private long lastId = Long.MIN_VALUE;
  private long done;
  private boolean ended;

  private ReplacedService(Connection connection, long total) {
    this.connection = connection;
    this.total = total;
  }

  /**
   * Connects and counts the rows.
   *
   * @throws StoreUnavailableException if that is not possible, or the table is not there
   */
  public static ReplacedService connect(
      String jdbcUrl, @Nullable String user, @Nullable String password) {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "pedi-telemetry import");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "600");
    properties.setProperty("tcpKeepAlive", "true");
    try {
      Connection connection = DriverManager.getConnection(jdbcUrl, properties);
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM telemetry_events")) {
        rows.next();
        return new ReplacedService(connection, rows.getLong(1));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public @Nullable Found next() {
    if (page.isEmpty() && !ended) {
      readPage();
    }
    Row row = page.poll();
    if (row != null) {
      done++;
    }
    return row;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long done() {
    return done;
  }

  /**
   * The days that the service has computed and whose events it no longer has; such as cannot be
   * kept are listed.
   *
   * @throws IOException if they cannot be listed
   */
  public List<EarlierAggregate> earlierDays(RefusedFile refused) throws IOException {
    try {
      return ReplacedDays.read(connection, refused);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private void readPage() {
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setLong(1, lastId);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          page.add(Row.of(rows));
          lastId = rows.getLong("id");
        }
      }
      ended = page.isEmpty();
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static StoreUnavailableException unavailable(SQLException e) {
    return new StoreUnavailableException(
        NO_TABLE.equals(e.getSQLState())
            ? "the database has no table telemetry_events, at least none that this user sees"
            : "the events of the replaced service cannot be read",
        e);
  }

  /** A row. Its columns are in the order in which an event has them. */
  private record Row(
      long id,
      @Nullable String eventId,
      Map<String, Object> event,
      Map<String, Object> model,
      Map<String, Object> response,
      @Nullable String rawJson)
      implements Found {

    static Row of(ResultSet row) throws SQLException {
      Map<String, Object> event = new LinkedHashMap<>();
      OffsetDateTime timestamp = row.getObject("timestamp", OffsetDateTime.class);
      if (timestamp != null) {
        event.put("timestamp", timestamp.toInstant().toString());
      }
      putTexts(row, event, "event_id", "org_id", "app", "user_id", "case_id");
      Map<String, Object> model = new LinkedHashMap<>();
      putTexts(row, model, "model_id", "adapter_id", "provider");
      Map<String, Object> response = new LinkedHashMap<>();
      putNumber(row, response, "latency_ms");
      putNumber(row, response, "status_code");
      putTexts(row, response, "fallback_to");
      return new Row(
          row.getLong("id"),
          row.getString("event_id"),
          event,
          model,
          response,
          row.getString("raw_json"));
    }

    @Override
    public String place() {
      return "telemetry_events id " + id;
    }

    @Override
    public ScopedEvent read(EventIntake intake) {
      Map<String, @Nullable Object> fields =
          rawJson == null || rawJson.equals("null")
              ? new LinkedHashMap<>()
              : intake.fields(rawJson.getBytes(StandardCharsets.UTF_8));
      fields.putAll(event);
      merge(fields, "model", model);
      merge(fields, "response", response);
      return intake.event(fields);
    }

    @SuppressWarnings("unchecked") // the keys of a decoded JSON object are strings
    private static void merge(
        Map<String, @Nullable Object> fields, String name, Map<String, Object> columns) {
      if (columns.isEmpty()) {
        return;
      }
      Map<String, @Nullable Object> merged = new LinkedHashMap<>();
      if (fields.get(name) instanceof Map<?, ?> raw) {
        merged.putAll((Map<String, @Nullable Object>) raw);
      }
      merged.putAll(columns);
      fields.put(name, merged);
    }

    private static void putTexts(ResultSet row, Map<String, Object> target, String... columns)
        throws SQLException {
      for (String column : columns) {
        String value = row.getString(column);
        if (value != null) {
          target.put(column, value);
        }
      }
    }

    private static void putNumber(ResultSet row, Map<String, Object> target, String column)
        throws SQLException {
      long value = row.getLong(column);
      if (!row.wasNull()) {
        target.put(column, value);
      }
    }
  }
}
