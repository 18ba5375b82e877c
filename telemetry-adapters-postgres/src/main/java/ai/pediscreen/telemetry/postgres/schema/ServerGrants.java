package ai.pediscreen.telemetry.postgres.schema;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a server may do whose role is not the owner of the tables: what its statements need. The
 * owner grants it whenever it migrates the schema, so that tables of a newer version are among it.
 *
 * <p>Row-level security binds such a role, so it has a policy of its own that shows it every row.
 * It is the mark by which a server knows that it is one.
 */
public final class ServerGrants {

  /** By table, in the order in which PostgreSQL names them. A day's partition may be read. */
  private static final Map<String, String> TABLES =
      Map.ofEntries(
          Map.entry("access_key", "INSERT, SELECT, UPDATE"),
          Map.entry("alert", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("alert_clock", "SELECT, UPDATE"),
          Map.entry("alert_delivery", "INSERT, SELECT, UPDATE"),
          Map.entry("alert_message", "DELETE, INSERT, SELECT"),
          // The ends of the chain: of columns, the newest alone may be set.
          Map.entry("audit_chain", "SELECT"),
          Map.entry("audit_entry", "INSERT, SELECT"),
          Map.entry("computed_day", "INSERT, SELECT, UPDATE"),
          Map.entry("daily_aggregate", "DELETE, INSERT, SELECT"),
          Map.entry("daily_distribution", "DELETE, INSERT, SELECT"),
          Map.entry("drift_baseline", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("drift_record", "DELETE, INSERT, SELECT"),
          Map.entry("earlier_aggregate", "INSERT, SELECT, UPDATE"),
          Map.entry("erasure", "INSERT, SELECT, UPDATE"),
          Map.entry("erasure_key", "INSERT, SELECT"),
          Map.entry("event", "INSERT, SELECT, UPDATE"),
          Map.entry("event_default", "DELETE, SELECT"),
          Map.entry("event_ledger", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("export_dead_letter", "INSERT, SELECT, UPDATE"),
          Map.entry("export_outbox", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("export_stream", "SELECT, UPDATE"),
          Map.entry("exported_day", "INSERT, SELECT, UPDATE"),
          Map.entry("flyway_schema_history", "SELECT"),
          Map.entry("label_rollup", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("late_day", "DELETE, INSERT, SELECT"),
          Map.entry("legal_hold", "DELETE, INSERT, SELECT"),
          Map.entry("pseudonym_key", "INSERT, SELECT"),
          Map.entry("retention_clock", "INSERT, SELECT, UPDATE"),
          Map.entry("usage_pending", "DELETE, INSERT, SELECT"),
          Map.entry("usage_rollup", "DELETE, INSERT, SELECT, UPDATE"),
          Map.entry("usage_scope", "INSERT, SELECT, UPDATE"),
          Map.entry("write_probe", "INSERT"));

  private static final String NEWEST = "UPDATE (newest_sequence, newest_hash) ON audit_chain";

  private static final String FUNCTIONS =
      "EXECUTE ON FUNCTION make_event_day(date), drop_event_day(date),"
          + " index_event_day(date, text), expire_audit_entries(timestamptz, integer)";

  private ServerGrants() {}

  /** The role of a session. */
  static String roleOf(Handle handle) {
    return handle.createQuery("SELECT current_user").mapTo(String.class).one();
  }

  /** Whether a session's role is one to which an owner has granted what a server needs. */
  public static boolean isGranted(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM pg_policy
              WHERE polrelid = to_regclass('usage_rollup') AND polname = current_user
                AND (SELECT oid FROM pg_roles WHERE rolname = current_user) = ANY (polroles))
            """)
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * Returns if such a session's role may do all that a server does.
   *
   * @throws StoreUnavailableException saying what it lacks
   */
  static void require(Handle handle) {
    List<String> names = new ArrayList<>();
    List<String> privileges = new ArrayList<>();
    TABLES.forEach(
        (table, allowed) ->
            List.of(allowed.split(", "))
                .forEach(
                    privilege -> {
                      names.add(table);
                      privileges.add(privilege);
                    }));
    List<String> lacking =
        handle
            .createQuery(
                """
                SELECT privilege || ' on ' || name
                FROM unnest(CAST(:names AS text[]), CAST(:privileges AS text[]))
                  AS needed (name, privilege)
                WHERE NOT coalesce(has_table_privilege(to_regclass(name), privilege), FALSE)
                ORDER BY name, privilege
                """)
            .bindArray("names", String.class, names)
            .bindArray("privileges", String.class, privileges)
            .mapTo(String.class)
            .list();
    if (!lacking.isEmpty()) {
      throw new StoreUnavailableException(
          "the database's user %s lacks rights (%s); run the command migrate with MIGRATE_DATABASE_URL"
              .formatted(roleOf(handle), String.join(", ", lacking)));
    }
  }

  /**
   * Returns if a role can be that of a server, and its rights be limited by those that are granted.
   *
   * @param handle a session of the owner's
   * @throws StoreUnavailableException saying what is to be done
   */
  static void requireLimited(Handle handle, String schema, String role) {
    String fault = fault(handle, schema, role);
    if (fault != null) {
      throw new StoreUnavailableException(
          "with MIGRATE_DATABASE_URL the user of DATABASE_URL must have limited rights, but "
              + fault);
    }
  }

  private static @Nullable String fault(Handle handle, String schema, String role) {
    return handle
        .createQuery(
            """
            SELECT CASE
              WHEN rolname = current_user
                THEN format('%1$I is that owner; let an administrator run: CREATE ROLE a_server LOGIN'
                  ' PASSWORD …; and name that one', rolname)
              WHEN rolsuper THEN format('%1$I is a superuser; name another user', rolname)
              WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema AND nspowner = role.oid)
                  OR EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                    WHERE nspname = :schema AND relowner = role.oid)
                THEN format('%1$I owns tables; name another user, or let an administrator run in this'
                  ' database: REASSIGN OWNED BY %1$I TO %2$I;', rolname, current_user)
              WHEN pg_has_role(role.oid, current_user, 'MEMBER')
                THEN format('%1$I is a member of it; let an administrator run: REVOKE %2$I FROM %1$I;',
                  rolname, current_user)
              WHEN EXISTS (SELECT FROM pg_namespace AS place
                  WHERE nspname = :schema AND has_schema_privilege(role.oid, place.oid, 'CREATE'))
                THEN format('%1$I may make tables in schema %3$I; let an administrator run: REVOKE'
                  ' CREATE ON SCHEMA %3$I FROM %1$I, PUBLIC;', rolname, current_user, :schema)
              END
            FROM pg_roles AS role WHERE rolname = :role
            """)
        .bind("schema", schema)
        .bind("role", role)
        .mapTo(String.class)
        .one();
  }

  /**
   * Grants a role what a server needs and takes what else it was granted on these tables, as far as
   * that was not done before.
   *
   * @param handle a transaction of the owner's
   * @param auditDays entries of the audit log that are younger are not deleted, whatever it asks
   *     for
   */
  static void ensure(Handle handle, String schema, String role, int auditDays) {
    String quoted =
        handle
            .createQuery("SELECT quote_ident(:role)")
            .bind("role", role)
            .mapTo(String.class)
            .one();
    handle.execute("GRANT USAGE ON SCHEMA \"%s\" TO %s".formatted(schema, quoted));
    TABLES.forEach((table, privileges) -> grant(handle, table, privileges, quoted));
    handle.execute("GRANT %s TO %s".formatted(NEWEST, quoted));
    handle.execute("GRANT %s TO %s".formatted(FUNCTIONS, quoted));
    partitionsNotRead(handle, role)
        .forEach(table -> handle.execute("GRANT SELECT ON %s TO %s".formatted(table, quoted)));
    tablesNotShown(handle, role)
        .forEach(
            table ->
                handle.execute(
                    "CREATE POLICY %2$s ON %1$s TO %2$s USING (TRUE) WITH CHECK (TRUE)"
                        .formatted(table, quoted)));
    handle.execute("UPDATE audit_chain SET kept_days = " + auditDays);
  }

  private static void grant(Handle handle, String table, String privileges, String quotedRole) {
    String granted =
        handle
            .createQuery(
                """
                SELECT coalesce(string_agg(privilege_type, ', ' ORDER BY privilege_type), '')
                FROM pg_class, aclexplode(relacl) AS entry
                WHERE pg_class.oid = CAST(:table AS regclass)
                  AND grantee = CAST(:role AS regrole)
                """)
            .bind("table", table)
            .bind("role", quotedRole)
            .mapTo(String.class)
            .one();
    if (!granted.equals(privileges)) {
      handle.execute("REVOKE ALL ON %s FROM %s".formatted(table, quotedRole));
      handle.execute("GRANT %s ON %s TO %s".formatted(privileges, table, quotedRole));
    }
  }

  private static List<String> partitionsNotRead(Handle handle, String role) {
    return handle
        .createQuery(
            """
            SELECT quote_ident(relname) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = CAST('event' AS regclass) AND relname <> 'event_default'
              AND NOT has_table_privilege(:role, pg_class.oid, 'SELECT')
            """)
        .bind("role", role)
        .mapTo(String.class)
        .list();
  }

  private static List<String> tablesNotShown(Handle handle, String role) {
    return handle
        .createQuery(
            """
            SELECT quote_ident(relname) FROM pg_class
            WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relrowsecurity
              AND NOT EXISTS (SELECT FROM pg_policy
                WHERE polrelid = pg_class.oid AND polname = :role)
            """)
        .bind("role", role)
        .mapTo(String.class)
        .list();
  }
}
