package ai.pediscreen.telemetry.erasure;

import ai.pediscreen.telemetry.event.OrgFilter;
import java.util.Set;

/**
 * Which events are erased: those whose field has one of some values. Immutable.
 *
 * @param org whose events; for {@link ErasureField#ORG_ID} the organisation itself
 * @param field the field that decides
 * @param values what it may be; at least one, none blank. Several are forms of one identifier: as
 *     it was sent, and its pseudonym
 */
public record ErasureSelection(OrgFilter org, ErasureField field, Set<String> values) {

  public ErasureSelection {
    values = Set.copyOf(values);
    if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("values must not be empty, and none of them blank");
    }
    if (field == ErasureField.ORG_ID && !Set.of(String.valueOf(org.orgId())).equals(values)) {
      throw new IllegalArgumentException("values must hold only the orgId of org");
    }
  }

  /** All events of an organisation. */
  public static ErasureSelection ofOrganisation(String orgId) {
    OrgFilter org = OrgFilter.of(orgId);
    return new ErasureSelection(org, ErasureField.ORG_ID, Set.of(String.valueOf(org.orgId())));
  }
}
