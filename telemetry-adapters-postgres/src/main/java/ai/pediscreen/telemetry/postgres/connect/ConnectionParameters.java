package ai.pediscreen.telemetry.postgres.connect;

import org.jspecify.annotations.Nullable;

/**
 * What a session needs to begin: where the database is, as whom to connect, and in which schema.
 * Immutable.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}
 * @param user database role; null to leave it to the URL
 * @param password its password; null to leave it to the URL. Never part of {@link #toString}.
 * @param schema where all tables are, whatever {@code search_path} says
 */
public record ConnectionParameters(
    String jdbcUrl, @Nullable String user, @Nullable String password, String schema) {

  @Override
  public String toString() {
    return "ConnectionParameters[schema=" + schema + "]";
  }
}
