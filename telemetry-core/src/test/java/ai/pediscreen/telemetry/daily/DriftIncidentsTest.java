package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftIncidentsTest {

  private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);
  private static final DriftIncidents INCIDENTS = DriftIncidents.standard();

  @Test
  void oneDay_opensNoIncident_twoOfThreeDo() {
    assertThat(INCIDENTS.of(alerts("m", 1), day(1))).isEmpty();
    assertThat(INCIDENTS.of(alerts("m", 1, 4), day(4))).isEmpty();
    assertThat(INCIDENTS.of(alerts("m", 1, 3), day(3)))
        .extracting(DriftIncident::state, DriftIncident::start, DriftIncident::opened)
        .containsExactly(tuple(DriftIncident.State.OPEN, day(1), day(3)));
  }

  @Test
  void state_followsTheDays() {
    List<DriftRecord> alerts = alerts("m", 1, 2, 4);
    assertThat(state(alerts, 2)).isEqualTo(DriftIncident.State.OPEN);
    assertThat(state(alerts, 3)).isEqualTo(DriftIncident.State.ONGOING);
    assertThat(state(alerts, 6)).isEqualTo(DriftIncident.State.ONGOING);
    assertThat(state(alerts, 7)).isEqualTo(DriftIncident.State.RESOLVED);
    DriftIncident over = INCIDENTS.of(alerts, day(20)).get(0);
    assertThat(over.resolved()).isEqualTo(day(7));
    assertThat(over.lastAlert()).isEqualTo(day(4));
    assertThat(over.largestPsi()).isEqualTo(0.4);
  }

  @Test
  void alertAfterThreeQuietDays_isAnotherIncident() {
    List<DriftIncident> incidents = INCIDENTS.of(alerts("m", 1, 2, 5, 9, 10), day(10));
    assertThat(incidents)
        .extracting(DriftIncident::start, DriftIncident::state)
        .containsExactly(
            tuple(day(9), DriftIncident.State.OPEN), tuple(day(1), DriftIncident.State.RESOLVED));
    assertThat(incidents.get(0).id()).isNotEqualTo(incidents.get(1).id());
  }

  @Test
  void id_isTheSame_inEveryOrderOfComputation() {
    List<DriftRecord> alerts = new ArrayList<>(alerts("m", 1, 2, 3));
    String id = INCIDENTS.of(alerts, day(2)).get(0).id();
    Collections.reverse(alerts);
    assertThat(INCIDENTS.of(alerts, day(30)).get(0).id()).isEqualTo(id);
    assertThat(INCIDENTS.of(alerts("n", 1, 2, 3), day(3)).get(0).id()).isNotEqualTo(id);
  }

  @Test
  void subjects_haveSeparateIncidents_andOnlyAlertsCount() {
    List<DriftRecord> records = new ArrayList<>(alerts("m", 1, 2));
    records.addAll(alerts("n", 2, 3));
    records.add(record("q", 1, DriftVerdict.NOT_LARGE));
    records.add(record("q", 2, DriftVerdict.SIGNIFICANT));
    assertThat(INCIDENTS.of(records, day(3)))
        .extracting(one -> one.subject().modelId())
        .containsExactly("n", "m");
  }

  @Test
  void rules_areRefused_whenInconsistent() {
    assertThatThrownBy(() -> new DriftIncidents(3, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static DriftIncident.State state(List<DriftRecord> alerts, int newest) {
    return INCIDENTS.of(alerts, day(newest)).get(0).state();
  }

  private static List<DriftRecord> alerts(String model, int... days) {
    List<DriftRecord> alerts = new ArrayList<>();
    for (int day : days) {
      alerts.add(record(model, day, DriftVerdict.SIGNIFICANT));
    }
    return alerts;
  }

  private static DriftRecord record(String model, int day, DriftVerdict verdict) {
    return new DriftRecord(
        day(day),
        new DriftSubject(OrgScope.all(), model, DriftRecord.LATENCY),
        DriftReference.WEEK,
        new DriftFigures(
            day / 10.0, 700, 100, 0.19, 1e-5, DriftDirection.UP, 0.3, 0.4, 0, 0, 1, "worse"),
        verdict);
  }

  private static LocalDate day(int day) {
    return FIRST.plusDays(day - 1L);
  }
}
