package ai.pediscreen.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrgFilterTest {

  private static final OrgScope A = OrgScope.of("a");
  private static final OrgScope B = OrgScope.of("b");

  @Test
  void filterOfAll_includesEveryEvent_andOfFiguresThatOfAllTogetherAlone() {
    OrgFilter all = OrgFilter.all();

    assertThat(all.includes("a")).isTrue();
    assertThat(all.includes((String) null)).isTrue();
    assertThat(all.includes(OrgScope.all())).isTrue();
    assertThat(all.includes(A)).isFalse();
  }

  @Test
  void filterOfOne_includesItsEvents_andItsFiguresAlone() {
    OrgFilter one = OrgFilter.of("a");

    assertThat(one.includes("a")).isTrue();
    assertThat(one.includes("b")).isFalse();
    assertThat(one.includes((String) null)).isFalse();
    assertThat(one.includes(A)).isTrue();
    assertThat(one.includes(B)).isFalse();
    assertThat(one.includes(OrgScope.all())).isFalse();
  }

  @Test
  void filterOfAScope_isAboutWhatItsFiguresCount() {
    assertThat(OrgFilter.of(A)).isEqualTo(OrgFilter.of("a"));
    assertThat(OrgFilter.of(OrgScope.all())).isEqualTo(OrgFilter.all());
    assertThat(OrgFilter.of(A).scope()).isEqualTo(A);
  }

  @Test
  void permission_allowsItsEventsAlone_andAsksAboutAllThatItAllows() {
    assertThat(OrgPermission.of("a").allows("a")).isTrue();
    assertThat(OrgPermission.of("a").allows("b")).isFalse();
    assertThat(OrgPermission.of("a").allows(null)).isFalse();
    assertThat(OrgPermission.all().allows(null)).isTrue();
    assertThat(OrgPermission.of("a").filter()).isEqualTo(OrgFilter.of("a"));
    assertThat(OrgPermission.all().filter()).isEqualTo(OrgFilter.all());
  }
}
