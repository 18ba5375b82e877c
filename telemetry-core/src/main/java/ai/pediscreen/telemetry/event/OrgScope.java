package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whose events a question is about or a sender may write: one organisation's, or those of all
 * together (events without an organisation included). Every question and every write takes one, so
 * that no caller can forget to say.
 *
 * @param orgId the organisation, or null for all together; not blank, and trimmed as that of an
 *     event
 */
public record OrgScope(@Nullable String orgId) {

  private static final OrgScope ALL = new OrgScope(null);

  public OrgScope {
    if (orgId != null) {
      orgId = Rules.trimmed(orgId);
      if (orgId.isEmpty()) {
        throw new IllegalArgumentException("orgId must not be blank; use OrgScope.all()");
      }
    }
  }

  /** All organisations together. */
  public static OrgScope all() {
    return ALL;
  }

  /** One organisation: never null, which would be all of them. */
  public static OrgScope of(String orgId) {
    return new OrgScope(requireNonNull(orgId, "orgId must not be null; use OrgScope.all()"));
  }

  /** Whether an event of this organisation (null: of none) is in scope. */
  public boolean includes(@Nullable String eventOrgId) {
    return orgId == null || orgId.equals(eventOrgId);
  }
}
