package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code write_probe}, which is always empty. What is written to it is taken back, but makes
 * the table grow before, which is what a full disk refuses.
 */
public final class WriteProbe {

  private WriteProbe() {}

  public static void run(Database database) {
    try {
      database.write(
          handle -> {
            String written = write(handle);
            handle.rollback();
            return written;
          });
    } catch (StoreUnavailableException e) {
      throw new StoreUnavailableException(reason(e.getCause()), e);
    }
  }

  /** 200 pages, which are not compressed. */
  private static String write(Handle handle) {
    handle.execute("INSERT INTO write_probe (filling) VALUES (repeat('x', 1600000))");
    return "written";
  }

  /** By the classes of SQLSTATE, since a message may quote a path. */
  private static String reason(@Nullable Throwable cause) {
    String state = cause instanceof SQLException e ? String.valueOf(e.getSQLState()) : "";
    return switch (state) {
      case "53100" -> "its disk is full";
      case "25006" -> "it is read-only";
      default -> "it refuses to write (SQLSTATE " + state + ")";
    };
  }
}
