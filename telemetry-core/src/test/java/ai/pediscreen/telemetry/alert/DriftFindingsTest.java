package ai.pediscreen.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftDirection;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftFindingsTest {

  private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

  private final List<DriftRecord> records = new ArrayList<>();
  private final DriftFindings findings = new DriftFindings(new Days(), DriftIncidents.standard());

  @Test
  void openIncidentsAreFound_withTheirSentence() {
    alerts("m", DriftRecord.LATENCY, null, 1, 3);
    record("n", DriftRecord.LATENCY, null, 3, DriftVerdict.STABLE, true);

    List<AlertFinding> found = findings.of(List.of(), morningAfter(3));

    assertThat(found)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.state()).isEqualTo(AlertFinding.State.ALERT);
              assertThat(one.subject().name()).isEqualTo("m");
              assertThat(one.value()).isEqualTo(0.3);
              assertThat(one.incident()).isNotNull();
              assertThat(one.text())
                  .isEqualTo(
                      "latency_ms has drifted since 2026-03-01 (against week): latency ≥ 560 ms:"
                          + " 10 % → 24 %");
            });
  }

  @Test
  void incidentIsNoLongerFound_afterThreeQuietDays() {
    alerts("m", DriftRecord.LATENCY, null, 1, 2);
    record("m", DriftRecord.LATENCY, null, 5, DriftVerdict.STABLE, true);
    assertThat(findings.of(List.of(), morningAfter(5))).isEmpty();
  }

  @Test
  void incidentIsOpenedAndResolved_asTheSettingSays() {
    alerts("m", DriftRecord.LATENCY, null, 2);
    record("m", DriftRecord.LATENCY, null, 3, DriftVerdict.STABLE, true);
    DriftFindings eager = new DriftFindings(new Days(), new DriftIncidents(1, 1, 2));
    assertThat(eager.of(List.of(), morningAfter(3))).hasSize(1);
    record("m", DriftRecord.LATENCY, null, 4, DriftVerdict.STABLE, true);
    assertThat(eager.of(List.of(), morningAfter(4))).isEmpty();
  }

  @Test
  void valuesFromEvents_areNotInTheMessage() {
    for (int day : new int[] {1, 2}) {
      record("m", "/response/risk", "Anna Example", day, DriftVerdict.SIGNIFICANT, false);
    }

    AlertFinding found = findings.of(List.of(), morningAfter(2)).get(0);

    assertThat(found.text())
        .isEqualTo(
            "/response/risk of one subgroup has drifted since 2026-03-01 (against week): the shares"
                + " of its values have moved; PSI 0.20");
    assertThat(found.subject().subgroup()).isEqualTo("Anna Example");
    AlertChanges changes = AlertChanges.of(List.of(), List.of(found), morningAfter(2));
    assertThat(changes.messages().get(0).title()).doesNotContain("Anna");
  }

  @Test
  void findingsAreUnknown_whilePastDaysAreComputed() {
    alerts("m", DriftRecord.LATENCY, null, 1, 2);
    Instant now = morningAfter(30);
    assertThat(findings.of(List.of(), now)).isEmpty();

    AlertSubject subject = new AlertSubject(AlertKind.DRIFT, false, "m", DriftRecord.LATENCY, null);
    Alert open =
        Alert.opened(
            new AlertFinding(subject, AlertFinding.State.ALERT, 0.3, null, "worse", "i"), now);
    assertThat(findings.of(List.of(open), now))
        .extracting(AlertFinding::state)
        .containsExactly(AlertFinding.State.UNKNOWN);
  }

  private void alerts(String model, String feature, @Nullable String subgroup, int... days) {
    for (int day : days) {
      record(model, feature, subgroup, day, DriftVerdict.SIGNIFICANT, true);
    }
  }

  private void record(
      String model,
      String feature,
      @Nullable String subgroup,
      int day,
      DriftVerdict verdict,
      boolean numbers) {
    records.add(
        new DriftRecord(
            FIRST.plusDays(day - 1L),
            new DriftSubject(OrgScope.all(), model, feature, subgroup),
            DriftReference.WEEK,
            new DriftFigures(
                day / 10.0,
                700,
                100,
                0.19,
                1e-5,
                numbers ? DriftDirection.UP : null,
                numbers ? 0.3 : null,
                numbers ? 0.4 : null,
                0,
                0,
                1,
                numbers ? "latency ≥ 560 ms: 10 % → 24 %" : "\"Anna Example\": 10 % → 50 %"),
            verdict));
  }

  private static Instant morningAfter(int day) {
    return FIRST.plusDays(day).atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds(900);
  }

  /** What is known of days. */
  private final class Days implements DailyFigures {
    @Override
    public List<DailyAggregate> aggregates(DayFilter filter) {
      return List.of();
    }

    @Override
    public List<DriftRecord> drift(DayFilter filter, int limit) {
      return records.stream().sorted(DriftRecord.NEWEST_FIRST).limit(limit).toList();
    }

    @Override
    public List<DriftRecord> alerts(DayFilter filter) {
      return records.stream().filter(DriftRecord::alert).toList();
    }
  }
}
