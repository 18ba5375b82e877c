package ai.pediscreen.telemetry.postgres.schema;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.TenantRole;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What the {@link TenantRole} may do, which is granted in each database. */
public final class TenantGrants {

  /** Held while the role is created. "PSTROLE" in ASCII. */
  private static final long ROLE_LOCK = 0x50_53_54_52_4f_4c_45L;

  /** The tables that questions of one organisation read. Each has row-level security. */
  public static final List<String> READ =
      List.of(
          "event",
          "event_ledger",
          "usage_pending",
          "usage_scope",
          "usage_rollup",
          "label_rollup",
          "daily_aggregate",
          "daily_distribution",
          "drift_record",
          "drift_baseline",
          "erasure_key");

  /** The tables that an appended event is written to. */
  private static final List<String> APPENDED =
      List.of("event_ledger", "event", "usage_pending", "late_day", "export_outbox");

  private TenantGrants() {}

  /**
   * Makes the role and grants it what it needs, as far as that was not done before: to read and to
   * add to the tables that are listed here, and no others. Done at every opening by the owner,
   * because a dump that is restored elsewhere brings no roles along.
   *
   * @param member who is to assume the role
   * @throws StoreUnavailableException if the database's user is bound by row-level security too: it
   *     would see nothing and take that for the truth
   */
  static void ensure(Handle handle, String schema, String member) {
    requireAllRows(handle);
    AdvisoryLock.take(handle, ROLE_LOCK);
    handle.execute(
        """
        DO $$
        DECLARE
          member name := '%2$s';
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
            BEGIN
              CREATE ROLE %1$s NOLOGIN;
            EXCEPTION
              -- The server of another database was faster by an instant.
              WHEN duplicate_object OR unique_violation THEN NULL;
            END;
          END IF;
          -- Since PostgreSQL 16 who makes a role is its member, and may not assume it.
          IF NOT pg_has_role(member, '%1$s', CASE
              WHEN CAST(current_setting('server_version_num') AS integer) < 160000 THEN 'MEMBER'
              ELSE 'SET' END) THEN
            EXECUTE format('GRANT %1$s TO %%I', member);
          END IF;
        EXCEPTION
          WHEN insufficient_privilege THEN
            RAISE insufficient_privilege USING MESSAGE = format(
              'organisations cannot be kept apart without a role that "%%s" may not make; let an'
              ' administrator run: CREATE ROLE %1$s NOLOGIN; GRANT %1$s TO %%I;',
              current_user, member);
        END
        $$
        """
            .formatted(TenantRole.NAME, member.replace("'", "''")));
    if (!maySee(handle, schema)) {
      handle.execute("GRANT USAGE ON SCHEMA \"%s\" TO %s".formatted(schema, TenantRole.NAME));
    }
    READ.forEach(table -> grant(handle, "SELECT", table));
    APPENDED.forEach(table -> grant(handle, "INSERT", table));
  }

  /**
   * Returns if row-level security hides nothing from the database's user.
   *
   * @throws StoreUnavailableException if it does
   */
  public static void requireAllRows(Handle handle) {
    if (isBound(handle) && !ServerGrants.isGranted(handle)) {
      throw new StoreUnavailableException(
          "the database user must own the telemetry tables, be a member of their owner, or be"
              + " granted a server's rights by the command migrate");
    }
  }

  private static boolean isBound(Handle handle) {
    return handle
        .createQuery("SELECT row_security_active('usage_rollup')")
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean maySee(Handle handle, String schema) {
    return handle
        .createQuery("SELECT has_schema_privilege(:role, :schema, 'USAGE')")
        .bind("role", TenantRole.NAME)
        .bind("schema", schema)
        .mapTo(Boolean.class)
        .one();
  }

  private static void grant(Handle handle, String privilege, String table) {
    boolean granted =
        handle
            .createQuery("SELECT has_table_privilege(:role, :table, :privilege)")
            .bind("role", TenantRole.NAME)
            .bind("table", table)
            .bind("privilege", privilege)
            .mapTo(Boolean.class)
            .one();
    if (!granted) {
      handle.execute("GRANT %s ON %s TO %s".formatted(privilege, table, TenantRole.NAME));
    }
  }
}
