package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.daily.EarlierAggregate;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The days in table {@code daily_aggregates} of the replaced service that are older than its
 * events. Of several rows of a day and model, which it makes when a day is computed again, the
 * newest counts.
 */
final class ReplacedDays {

  private static final String IS_THERE = "SELECT to_regclass('daily_aggregates') IS NOT NULL";

  private static final String EARLIER =
      """
      SELECT DISTINCT ON (date, model_id) id, date, model_id, calls, avg_latency, error_rate,
        fallback_count, psi
      FROM daily_aggregates
      WHERE date < (
        SELECT coalesce(CAST(min("timestamp") AT TIME ZONE 'UTC' AS date), date 'infinity')
        FROM telemetry_events)
      ORDER BY date, model_id, id DESC
      """;

  private ReplacedDays() {}

  /**
   * Reads them; what cannot be kept is listed.
   *
   * @throws IOException if it cannot be listed
   */
  static List<EarlierAggregate> read(Connection connection, RefusedFile refused)
      throws SQLException, IOException {
    List<EarlierAggregate> days = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      if (!isThere(statement)) {
        return days;
      }
      try (ResultSet rows = statement.executeQuery(EARLIER)) {
        while (rows.next()) {
          try {
            days.add(day(rows));
          } catch (IllegalArgumentException e) {
            ObjectNode line = RefusedFile.line("daily_aggregates id " + rows.getLong("id"), null);
            line.putArray("reasons").addObject().put("field", "row").put("message", e.getMessage());
            refused.add(line);
          }
        }
      }
    }
    refused.flush();
    return days;
  }

  private static boolean isThere(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery(IS_THERE)) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  private static EarlierAggregate day(ResultSet row) throws SQLException {
    String modelId = row.getString("model_id").strip();
    if (modelId.isEmpty()) {
      throw new IllegalArgumentException("model_id must not be blank");
    }
    return new EarlierAggregate(
        row.getObject("date", LocalDate.class),
        modelId,
        row.getLong("calls"),
        decimal(row, "avg_latency"),
        decimal(row, "error_rate"),
        row.getLong("fallback_count"),
        number(row, "psi"));
  }

  /** Without one where the service had nothing to divide. */
  private static BigDecimal decimal(ResultSet row, String column) throws SQLException {
    Double value = number(row, column);
    return value == null ? BigDecimal.ZERO : BigDecimal.valueOf(value);
  }

  private static @Nullable Double number(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? null : value;
  }
}
