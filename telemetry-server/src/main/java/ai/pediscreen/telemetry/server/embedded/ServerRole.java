package ai.pediscreen.telemetry.server.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role that a server connects as. It owns the database, so it may do there what the server
 * needs, and no more: a superuser could read and write files and start programs.
 */
final class ServerRole {

  static final String NAME = "telemetry_server";

  /** As the server's own name for it; the server is its member, and need not make any role. */
  private static final String TENANT = "pedi_telemetry_tenant";

  private static final String TIMEOUTS = "?loginTimeout=60&socketTimeout=60";

  private static final String ENSURE =
      """
      DO $$
      DECLARE
        command text;
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
          CREATE ROLE %1$s LOGIN PASSWORD '%2$s';
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%3$s') THEN
          CREATE ROLE %3$s NOLOGIN;
        END IF;
        IF NOT pg_has_role('%1$s', '%3$s', 'SET') THEN
          GRANT %3$s TO %1$s;
        END IF;
        IF (SELECT datdba FROM pg_database WHERE datname = current_database())
            <> CAST('%1$s' AS regrole) THEN
          EXECUTE format('ALTER DATABASE %%I OWNER TO %1$s', current_database());
        END IF;
        -- What an earlier version made as the superuser.
        FOR command IN
          SELECT format('ALTER SCHEMA %%I OWNER TO %1$s', nspname)
          FROM pg_namespace
          WHERE nspowner = CAST(current_user AS regrole)
            AND nspname !~ '^pg_' AND nspname <> 'information_schema'
          UNION ALL
          SELECT format('ALTER %%s %%I.%%I OWNER TO %1$s',
            CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
            nspname, relname)
          FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE relowner = CAST(current_user AS regrole) AND relkind IN ('r', 'p', 'v', 'S')
            AND nspname !~ '^pg_' AND nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_depend
              WHERE classid = CAST('pg_class' AS regclass) AND objid = pg_class.oid
                AND relkind = 'S' AND deptype IN ('a', 'i'))
          UNION ALL
          SELECT format('ALTER ROUTINE %%s OWNER TO %1$s', CAST(pg_proc.oid AS regprocedure))
          FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
          WHERE proowner = CAST(current_user AS regrole)
            AND nspname !~ '^pg_' AND nspname <> 'information_schema'
        LOOP
          EXECUTE command;
        END LOOP;
      END
      $$
      """;

  private ServerRole() {}

  /**
   * Makes the role if there is none, and lets it own what it does not own yet.
   *
   * @throws EmbeddedPostgresException if that fails
   */
  static void ensure(String jdbcUrl, Cluster cluster) {
    try (Connection connection =
            DriverManager.getConnection(
                jdbcUrl + TIMEOUTS, Cluster.ADMINISTRATOR, cluster.password());
        Statement statement = connection.createStatement()) {
      // A server that was told to write nothing starts all the same.
      statement.execute("SET default_transaction_read_only = off");
      statement.execute(ENSURE.formatted(NAME, cluster.serverPassword(), TENANT));
    } catch (SQLException e) {
      throw new EmbeddedPostgresException(
          "The role of the server cannot be made in the PostgreSQL of "
              + cluster.home()
              + " (SQLSTATE "
              + e.getSQLState()
              + ")",
          e);
    }
  }
}
