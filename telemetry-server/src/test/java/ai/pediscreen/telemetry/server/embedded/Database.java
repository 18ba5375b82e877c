package ai.pediscreen.telemetry.server.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The little JDBC that these tests need. */
final class Database {
  private Database() {}

  static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl() + "?loginTimeout=2&socketTimeout=5",
        postgres.username(),
        postgres.password());
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres)) {
      execute(connection, sql);
    }
  }

  static Connection connectAsAdministrator(EmbeddedPostgres postgres) throws SQLException {
    EmbeddedPostgres.Access access = postgres.administrator();
    return DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
  }

  /** What the server's role may not. */
  static void executeAsAdministrator(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connectAsAdministrator(postgres)) {
      execute(connection, sql);
    }
  }

  /** The first column of the answer. */
  static List<String> query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres)) {
      return query(connection, sql);
    }
  }

  static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
