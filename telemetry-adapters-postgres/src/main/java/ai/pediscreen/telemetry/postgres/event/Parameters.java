package ai.pediscreen.telemetry.postgres.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Binds one parameter after the other. */
final class Parameters {
  private final PGConnection arrays;
  private final PreparedStatement statement;
  private int bound;

  Parameters(Connection connection, PreparedStatement statement) throws SQLException {
    this.arrays = connection.unwrap(PGConnection.class);
    this.statement = statement;
  }

  void whole(long value) throws SQLException {
    statement.setLong(++bound, value);
  }

  void bool(boolean value) throws SQLException {
    statement.setBoolean(++bound, value);
  }

  void text(@Nullable String value) throws SQLException {
    statement.setString(++bound, value);
  }

  void array(String elementType, Object values) throws SQLException {
    statement.setArray(++bound, arrays.createArrayOf(elementType, values));
  }
}
