package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class UsageFilterTest {

  private final UsageFilter filter = UsageFilter.last(UsageRange.DAY);

  @Test
  @SuppressWarnings("NullAway") // What a caller without a checker of nulls may do.
  void noOrganisation_isNotAllOrganisations() {
    assertThatNullPointerException()
        .isThrownBy(() -> filter.org(null))
        .withMessage("orgId must not be null; use OrgFilter.all()");
  }

  @Test
  @SuppressWarnings("NullAway") // What a caller without a checker of nulls may do.
  void noModel_isNotAllModels() {
    assertThatNullPointerException().isThrownBy(() -> filter.model(null)).withMessage("id");
  }
}
