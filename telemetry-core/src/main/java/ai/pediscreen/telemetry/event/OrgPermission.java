package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whose events somebody may write and ask about: one organisation's, or those of all (events
 * without an organisation included). Every write takes one, so that no caller can forget to say.
 * Immutable.
 *
 * @param orgId the organisation, or null for all; not blank, and trimmed as that of an event
 * @see OrgFilter
 * @see OrgScope
 */
public record OrgPermission(@Nullable String orgId) {

  private static final OrgPermission ALL = new OrgPermission(null);

  public OrgPermission {
    orgId = Rules.orgId(orgId);
  }

  /** All organisations. */
  public static OrgPermission all() {
    return ALL;
  }

  /** One organisation: never null, which would be all of them. */
  public static OrgPermission of(String orgId) {
    return new OrgPermission(
        requireNonNull(orgId, "orgId must not be null; use OrgPermission.all()"));
  }

  /** Whether it is for events of this organisation (null: of none). */
  public boolean allows(@Nullable String eventOrgId) {
    return orgId == null || orgId.equals(eventOrgId);
  }

  /** The question about everything that may be asked about. */
  public OrgFilter filter() {
    return new OrgFilter(orgId);
  }
}
