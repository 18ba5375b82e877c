package ai.pediscreen.telemetry.postgres.schema;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.connect.DirectConnections;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.UnpooledTransaction;
import java.security.SecureRandom;
import org.jdbi.v3.core.Handle;

/** Brings the schema up to date and grants what is needed, as far as the user may. */
public final class SchemaSetup {

  private SchemaSetup() {}

  /**
   * Makes the schema or brings it up to date; as a user to whom its owner has granted what a server
   * needs, only sees that this was done.
   *
   * @throws StoreUnavailableException if it cannot be done, or was not
   */
  public static void prepare(ConnectionParameters parameters) {
    prepare(DirectConnections.to(parameters), parameters.schema(), Migrations.over(parameters));
  }

  /** As {@link #prepare(ConnectionParameters)}, with connections of another's pool. */
  public static void prepare(Connector connections, String schema) {
    prepare(connections, schema, Migrations.over(connections, schema));
  }

  private static void prepare(Connector connections, String schema, Migrations migrations) {
    if (UnpooledTransaction.run(connections, ServerGrants::isGranted)) {
      migrations.requireDone();
    } else {
      OwnSchema.prepare(schema, connections);
      migrations.run();
    }
  }

  /**
   * Brings the schema up to date as the owner of the tables, and grants the user of a server what a
   * server needs.
   *
   * @param auditDays how many days entries of the audit log are kept
   * @throws StoreUnavailableException if the two are not one database, or the server's user has
   *     more rights than it is to have; says what an administrator is to do
   */
  public static void migrate(
      ConnectionParameters owner, ConnectionParameters server, int auditDays) {
    Connector owning = DirectConnections.to(owner);
    Connector serving = DirectConnections.to(server);
    requireOneDatabase(owning, serving);
    String schema = owner.schema();
    String role = UnpooledTransaction.run(serving, ServerGrants::roleOf);
    UnpooledTransaction.run(
        owning,
        handle -> {
          ServerGrants.requireLimited(handle, schema, role);
          return role;
        });
    prepare(owner);
    UnpooledTransaction.run(
        owning,
        handle -> {
          OwnSchema.requirePinned(handle, schema);
          TenantGrants.ensure(handle, schema, role);
          ServerGrants.ensure(handle, schema, role, auditDays);
          return role;
        });
  }

  /** Locks that one session takes are seen by others of the same database alone. */
  private static void requireOneDatabase(Connector owning, Connector serving) {
    long lock = new SecureRandom().nextLong();
    boolean isOne =
        UnpooledTransaction.run(
            owning,
            handle ->
                AdvisoryLock.tryTake(handle, lock)
                    && !UnpooledTransaction.run(
                        serving, other -> AdvisoryLock.tryTake(other, lock)));
    if (!isOne) {
      throw new StoreUnavailableException(
          "MIGRATE_DATABASE_URL and DATABASE_URL name two databases; both must name the same");
    }
  }

  /**
   * Sees that the session's user can do what a server does, and grants the role that keeps
   * organisations apart what it needs, which only the owner of the tables may.
   *
   * @return the session's user
   * @throws StoreUnavailableException if a right is missing, or the session is in another schema
   */
  public static String ensureRights(Handle handle, String schema) {
    OwnSchema.requirePinned(handle, schema);
    String user = ServerGrants.roleOf(handle);
    if (ServerGrants.isGranted(handle)) {
      ServerGrants.require(handle);
    } else {
      TenantGrants.ensure(handle, schema, user);
    }
    return user;
  }
}
