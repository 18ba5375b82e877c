package ai.pediscreen.telemetry.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whose events a question is about: one organisation's, or those of all together (events without an
 * organisation included). Every question takes one, so that no caller can forget to say. Immutable.
 *
 * @param orgId the organisation, or null for all together; not blank, and trimmed as that of an
 *     event
 * @see OrgScope
 * @see OrgPermission
 */
public record OrgFilter(@Nullable String orgId) {

  private static final OrgFilter ALL = new OrgFilter(null);

  public OrgFilter {
    orgId = Rules.orgId(orgId);
  }

  /** All organisations together. */
  public static OrgFilter all() {
    return ALL;
  }

  /** One organisation: never null, which would be all of them. */
  public static OrgFilter of(String orgId) {
    return new OrgFilter(requireNonNull(orgId, "orgId must not be null; use OrgFilter.all()"));
  }

  /** The events that a figure counts. */
  public static OrgFilter of(OrgScope scope) {
    return new OrgFilter(scope.orgId());
  }

  /** Which figures answer the question: those that count just these events. */
  public OrgScope scope() {
    return new OrgScope(orgId);
  }

  /** Whether the question is about an event of this organisation (null: of none). */
  public boolean includes(@Nullable String eventOrgId) {
    return orgId == null || orgId.equals(eventOrgId);
  }

  /**
   * Whether a figure answers the question. One of all together counts the events of each
   * organisation, so it alone answers a question about all.
   */
  public boolean includes(OrgScope figure) {
    return scope().equals(figure);
  }
}
