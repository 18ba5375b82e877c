package ai.pediscreen.telemetry.postgres.transaction;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** The database could be reached and refused the data: trying again changes nothing. */
public final class RefusedByDatabase extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String sqlState;

  RefusedByDatabase(SQLException cause) {
    super("the database refused the data (SQLSTATE " + cause.getSQLState() + ")", cause);
    this.sqlState = String.valueOf(cause.getSQLState());
  }

  /** The five characters that PostgreSQL's appendix A explains. */
  public String sqlState() {
    return sqlState;
  }

  /** Whether another row has the same key. */
  public boolean isDuplicateKey() {
    return sqlState.equals("23505");
  }

  /**
   * Whether the row went to the default partition while the one of its day was being made: the same
   * row finds that partition now. Told from a check of a table by its lack of a name.
   */
  public boolean isMisrouted() {
    return sqlState.equals("23514")
        && getCause() instanceof PSQLException e
        && e.getServerErrorMessage() != null
        && e.getServerErrorMessage().getConstraint() == null;
  }

  /**
   * Whether the fault lies in the data: class 22 (data exception), 23 (integrity constraint), 54
   * (program limit), P0001 (raised by a trigger). Everything else may pass. So may 22023 (invalid
   * parameter value) if the server says it, which then lacks the role that a session is to take;
   * the driver says it of a statement that is too large.
   */
  static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && !(state.equals("22023") && isOfTheServer(e))
        && (state.startsWith("22")
            || state.startsWith("23")
            || state.startsWith("54")
            || state.equals("P0001"));
  }

  private static boolean isOfTheServer(SQLException e) {
    return e instanceof PSQLException told && told.getServerErrorMessage() != null;
  }
}
