package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whose events a figure counts: one organisation's, or those of all together (events without an
 * organisation included). Immutable.
 *
 * @param orgId the organisation, or null for all together; not blank, and trimmed as that of an
 *     event
 * @see OrgFilter
 * @see OrgPermission
 */
public record OrgScope(@Nullable String orgId) {

  private static final OrgScope ALL = new OrgScope(null);

  public OrgScope {
    orgId = Rules.orgId(orgId);
  }

  /** All organisations together. */
  public static OrgScope all() {
    return ALL;
  }

  /** One organisation: never null, which would be all of them. */
  public static OrgScope of(String orgId) {
    return new OrgScope(requireNonNull(orgId, "orgId must not be null; use OrgScope.all()"));
  }
}
