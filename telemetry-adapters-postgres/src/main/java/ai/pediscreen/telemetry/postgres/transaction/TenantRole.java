package ai.pediscreen.telemetry.postgres.transaction;

import ai.pediscreen.telemetry.event.OrgFilter;
import org.jdbi.v3.core.Handle;

/**
 * The role that acts for single organisations. It cannot log in and owns nothing; row-level
 * security applies to it, which it does not to owners and superusers. It is assumed for one
 * transaction at most, so no session carries it to its next user.
 *
 * <p>Roles belong to the whole PostgreSQL, so databases on one share it.
 */
public final class TenantRole {

  public static final String NAME = "pedi_telemetry_tenant";

  private TenantRole() {}

  /** For the rest of the transaction, nothing but one organisation's rows can be read. */
  static void assumeToRead(Handle handle, OrgFilter org) {
    if (org.orgId() != null) {
      set(handle, NAME, "telemetry.org", org.orgId());
    }
  }

  private static void set(Handle handle, String role, String setting, String value) {
    handle
        .createQuery("SELECT set_config('role', :role, true), set_config(:setting, :value, true)")
        .bind("role", role)
        .bind("setting", setting)
        .bind("value", value)
        .mapTo(String.class)
        .one();
  }
}
