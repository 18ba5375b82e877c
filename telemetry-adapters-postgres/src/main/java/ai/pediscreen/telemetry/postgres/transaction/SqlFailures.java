package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The one place where JDBC exceptions are translated. */
final class SqlFailures {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private SqlFailures() {}

  /** What may throw exceptions of JDBC. */
  interface Jdbc<T> {
    T run() throws SQLException;
  }

  /**
   * Runs it.
   *
   * @throws RefusedByDatabase if the database will never take what it was given
   * @throws StoreUnavailableException if it cannot be reached, or does not do it now
   */
  static <T> T translated(Jdbc<T> jdbc) {
    try {
      return jdbc.run();
    } catch (JdbiException | SQLException e) {
      // The message of Jdbi's exception quotes the bound values, so only its cause is kept.
      SQLException cause = sqlException(e);
      if (cause == null) {
        throw new IllegalStateException(
            "an SQL statement is wrong: " + e.getClass().getSimpleName());
      }
      throw RefusedByDatabase.isRefusal(cause)
          ? new RefusedByDatabase(cause)
          : new StoreUnavailableException(reason(cause), cause);
    }
  }

  /**
   * A right that is missing is no outage; what PostgreSQL says of it names a table and no value.
   */
  private static String reason(SQLException cause) {
    return INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState())
        ? "the database's user lacks a right: "
            + String.valueOf(cause.getMessage()).replaceFirst("^ERROR: ", "")
        : "the database is unavailable";
  }

  private static @Nullable SQLException sqlException(Throwable thrown) {
    Throwable next = thrown;
    while (next != null && !(next instanceof SQLException)) {
      next = next.getCause();
    }
    return (SQLException) next;
  }
}
