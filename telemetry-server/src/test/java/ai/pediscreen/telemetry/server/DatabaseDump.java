package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Every row of every table, as text. */
final class DatabaseDump {

  private DatabaseDump() {}

  static List<String> of(EmbeddedPostgres.Access access) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                access.jdbcUrl() + "?currentSchema=pedi_telemetry",
                access.username(),
                access.password());
        Statement statement = connection.createStatement()) {
      List<String> tables =
          column(
              statement,
              "SELECT CAST(oid AS regclass) FROM pg_class WHERE relkind IN ('r', 'p')"
                  + " AND relnamespace = CAST('pedi_telemetry' AS regnamespace)");
      for (String table : tables) {
        rows.add("table " + table);
        rows.addAll(column(statement, "SELECT CAST(t AS text) FROM " + table + " AS t"));
      }
    }
    return rows;
  }

  private static List<String> column(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        values.add(found.getString(1));
      }
    }
    return values;
  }
}
