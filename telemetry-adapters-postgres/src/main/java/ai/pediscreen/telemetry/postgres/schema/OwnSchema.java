package ai.pediscreen.telemetry.postgres.schema;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.LockTimeout;
import ai.pediscreen.telemetry.postgres.transaction.TenantRole;
import ai.pediscreen.telemetry.postgres.transaction.UnpooledTransaction;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema that holds all of our tables. Earlier versions had theirs in {@code public}, where
 * those of others may be as well.
 */
public final class OwnSchema {

  private static final Logger LOG = LoggerFactory.getLogger(OwnSchema.class);

  /** Where versions before this one kept their tables. */
  private static final String EARLIER = "public";

  /** Held while the schema is created or tables are moved to it. "PSTSCHE" in ASCII. */
  private static final long SCHEMA_LOCK = 0x50_53_54_53_43_48_45L;

  private static final String OR_MIGRATE =
      " or, if it is to own nothing, first run the command migrate with MIGRATE_DATABASE_URL";

  private static final Duration MOVE_WAIT = Duration.ofSeconds(20);

  /** All tables of versions that kept them in public; partitions of event go with it. */
  private static final List<String> EARLIER_TABLES =
      List.of(
          "flyway_schema_history",
          "event_ledger",
          "event",
          "usage_rollup",
          "label_rollup",
          "usage_pending",
          "usage_scope",
          "late_day",
          "computed_day",
          "daily_aggregate",
          "daily_distribution",
          "drift_record",
          "drift_baseline",
          "access_key",
          "export_outbox",
          "export_stream",
          "export_dead_letter",
          "exported_day",
          "retention_clock",
          "write_probe");

  private OwnSchema() {}

  /**
   * Makes the schema if it is not there, and moves the tables of an earlier version to it.
   *
   * @throws StoreUnavailableException if that is not possible; says what an administrator is to do
   */
  static void prepare(String schema, Connector connections) {
    try {
      UnpooledTransaction.run(
          connections,
          handle -> {
            // For a moment only one of several servers that start at once.
            AdvisoryLock.take(handle, SCHEMA_LOCK);
            prepare(handle, schema);
            return schema;
          });
    } catch (StoreUnavailableException e) {
      if (!LockTimeout.isCauseOf(e)) {
        throw e;
      }
      throw new StoreUnavailableException(
          "the tables of an earlier version are in use and cannot be moved to schema "
              + schema
              + "; stop its servers first",
          e);
    }
  }

  private static void prepare(Handle handle, String schema) {
    String obstacle = obstacle(handle, schema);
    if (obstacle != null) {
      throw new StoreUnavailableException(obstacle);
    }
    if (!exists(handle, schema)) {
      handle.execute("CREATE SCHEMA \"%s\"".formatted(schema));
    }
    if (isToBeMoved(handle, schema)) {
      move(handle, schema);
    } else if (!schema.equals(EARLIER) && hasTablesOfOurs(handle)) {
      LOG.warn(
          "schema {} has telemetry tables too, beside those in {}: a server of an earlier version"
              + " has run since the move; the figures lack what it stored",
          EARLIER,
          schema);
    }
  }

  /**
   * Why the schema cannot be used by this user, with the statement that an administrator should
   * run; null if it can.
   */
  public static @Nullable String obstacle(Handle handle, String schema) {
    String user = handle.createQuery("SELECT quote_ident(current_user)").mapTo(String.class).one();
    String quoted = quotedIfNeeded(handle, schema);
    if (exists(handle, schema)) {
      // The role for single organisations is to see the schema, too.
      return may(handle, "has_schema_privilege(:name, 'USAGE WITH GRANT OPTION')", schema)
              && may(handle, "has_schema_privilege(:name, 'CREATE')", schema)
          ? null
          : ("user %2$s lacks rights on schema %1$s; let an administrator run: ALTER SCHEMA %1$s"
                  + " OWNER TO %2$s;%3$s")
              .formatted(quoted, user, OR_MIGRATE);
    }
    return may(handle, "has_database_privilege(:name, 'CREATE')", databaseOf(handle))
        ? null
        : ("schema %1$s does not exist and user %2$s may not create it; let an administrator run:"
                + " CREATE SCHEMA %1$s AUTHORIZATION %2$s;%3$s")
            .formatted(quoted, user, OR_MIGRATE);
  }

  /** Whether tables of an earlier version are to be moved to the schema, which has none yet. */
  public static boolean isToBeMoved(Handle handle, String schema) {
    return !schema.equals(EARLIER) && !hasHistory(handle, schema) && hasTablesOfOurs(handle);
  }

  /**
   * Fails where a session is not in the schema, which it was told at its start.
   *
   * @throws StoreUnavailableException if it is elsewhere
   */
  static void requirePinned(Handle handle, String schema) {
    String path = handle.createQuery("SELECT current_schema()").mapTo(String.class).one();
    if (!schema.equals(path)) {
      throw new StoreUnavailableException(
          "the database session lacks the options that it was started with: a proxy removes them;"
              + " connect to PostgreSQL directly");
    }
  }

  private static void move(Handle handle, String schema) {
    LockTimeout.set(handle, MOVE_WAIT);
    // Writers lock tables in another order, and each of two would wait for the other.
    AdvisoryLock.take(handle, AdvisoryLock.WRITERS);
    List<String> tables =
        handle
            .createQuery(
                """
                SELECT quote_ident(relname) FROM pg_class
                WHERE relnamespace = CAST(:earlier AS regnamespace) AND relkind IN ('r', 'p')
                  AND (relname = ANY (:tables) OR oid IN (
                    SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(:event)))
                ORDER BY relname
                """)
            .bind("earlier", EARLIER)
            .bindArray("tables", String.class, EARLIER_TABLES)
            .bind("event", EARLIER + ".event")
            .mapTo(String.class)
            .list();
    for (String table : tables) {
      handle.execute("ALTER TABLE %s.%s SET SCHEMA \"%s\"".formatted(EARLIER, table, schema));
    }
    revokeFromOthers(handle);
    LOG.info("moved {} tables of an earlier version from {} to {}", tables.size(), EARLIER, schema);
  }

  /**
   * Earlier versions let the role read every table there that has row-level security, those of
   * others included.
   */
  private static void revokeFromOthers(Handle handle) {
    List<String> tables =
        handle
            .createQuery(
                """
                SELECT DISTINCT quote_ident(relname)
                FROM pg_class, aclexplode(relacl) AS entry
                WHERE relnamespace = CAST(:earlier AS regnamespace)
                  AND grantee = (SELECT oid FROM pg_roles WHERE rolname = :role)
                """)
            .bind("earlier", EARLIER)
            .bind("role", TenantRole.NAME)
            .mapTo(String.class)
            .list();
    for (String table : tables) {
      handle.execute("REVOKE ALL ON %s.%s FROM %s".formatted(EARLIER, table, TenantRole.NAME));
    }
  }

  /**
   * Whether an earlier version has tables there. Others may have a history of migrations there,
   * too: ours begins with a file of ours; and this version may keep its tables there if it is told
   * to.
   */
  private static boolean hasTablesOfOurs(Handle handle) {
    return handle
            .createQuery(
                """
                SELECT count(*) = 2
                FROM pg_class AS made JOIN pg_namespace AS place ON place.oid = relnamespace
                WHERE nspname = :earlier AND relname IN ('event_ledger', 'flyway_schema_history')
                  AND has_schema_privilege(place.oid, 'USAGE')
                  AND has_table_privilege(made.oid, 'SELECT')
                """)
            .bind("earlier", EARLIER)
            .mapTo(Boolean.class)
            .one()
        && handle
            .createQuery(
                """
                SELECT EXISTS (SELECT FROM public.flyway_schema_history
                    WHERE version = '1' AND script = 'V1__events_and_rollups.sql')
                  AND NOT EXISTS (SELECT FROM public.flyway_schema_history
                    WHERE script = 'V17__earlier_aggregates.sql')
                """)
            .mapTo(Boolean.class)
            .one();
  }

  private static boolean hasHistory(Handle handle, String schema) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace AS place ON place.oid = relnamespace
              WHERE nspname = :schema AND relname = 'flyway_schema_history')
            """)
        .bind("schema", schema)
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean exists(Handle handle, String schema) {
    return handle
        .createQuery("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :name)")
        .bind("name", schema)
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean may(Handle handle, String privilege, String name) {
    return handle.createQuery("SELECT " + privilege).bind("name", name).mapTo(Boolean.class).one();
  }

  private static String quotedIfNeeded(Handle handle, String name) {
    return handle
        .createQuery("SELECT quote_ident(:name)")
        .bind("name", name)
        .mapTo(String.class)
        .one();
  }

  private static String databaseOf(Handle handle) {
    return handle.createQuery("SELECT current_database()").mapTo(String.class).one();
  }
}
