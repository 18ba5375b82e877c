package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.DriftGate;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DayDriftTest {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 10);
  private static final DriftSubject SUBJECT =
      new DriftSubject(OrgScope.all(), "m", DriftRecord.LATENCY);
  private static final DayValues BEFORE = values(1.0);
  private static final DayValues A_QUARTER_MORE = values(1.26);

  @Test
  void gateOfTheSettings_saysWhatIsLarge() {
    DriftGate coarse = new DriftGate(0.01, 10, 10, 10);
    DriftSettings standard = DriftSettings.standard();

    assertThat(verdict(standard, DriftReference.WEEK)).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(verdict(standard.withGates(coarse, DriftGate.pinned()), DriftReference.WEEK))
        .isEqualTo(DriftVerdict.NOT_LARGE);
    DriftReference baseline = DriftReference.baseline("release-3");
    assertThat(verdict(standard, baseline)).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(verdict(standard.withGates(DriftGate.standard(), coarse), baseline))
        .isEqualTo(DriftVerdict.NOT_LARGE);
  }

  @Test
  void shareWithoutAValue_isLargeFromTheThresholdOn() {
    DayValues all = new DayValues(BEFORE.values(), 1_000, 7);
    DayValues fewer = new DayValues(BEFORE.values(), 1_080, 1);
    assertThat(missing(0.05, all, fewer)).isEqualTo(DriftVerdict.SIGNIFICANT);
    assertThat(missing(0.1, all, fewer)).isNotEqualTo(DriftVerdict.SIGNIFICANT);
    assertThatThrownBy(() -> missing(0, all, fewer)).hasMessageContaining("missingShiftAbove");
  }

  @Test
  void failedComparison_doesNotAffectOthers() {
    DriftSubject feature = new DriftSubject(OrgScope.all(), "m", "/response/risk_level");
    DayValues day = DayValues.ofValues(feature, Collections.nCopies(20, "low"));
    // With those of the day more than a long can count.
    DayValues endless =
        new DayValues(
            new FeatureValues(
                CountedValues.empty(), new TreeMap<>(Map.of("low", Long.MAX_VALUE)), 0, 4),
            0,
            1);
    DayDrift drift = new DayDrift(DAY, DriftSettings.standard());
    drift.compare(feature, DriftReference.baseline("release-3"), endless, day);
    drift.compare(SUBJECT, DriftReference.WEEK, BEFORE, A_QUARTER_MORE);

    assertThat(drift.records())
        .extracting(DriftRecord::reference, DriftRecord::alert)
        .containsExactly(tuple(DriftReference.WEEK, true));
    assertThat(drift.failures())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.subject()).isEqualTo(feature);
              assertThat(one.toString()).startsWith("/response/risk_level with baseline:release-3");
            });
  }

  @Test
  void severity_followsTheIndex_andIsAtLeastAWarningForAnAlert() {
    DriftRecord alert = record(DriftVerdict.SIGNIFICANT, 0.1);
    assertThat(alert.severity()).isEqualTo(DriftSeverity.OK);
    assertThat(alert.certainSeverity()).isEqualTo(DriftSeverity.WARNING);
    DriftRecord gone = record(DriftVerdict.SIGNIFICANT, null);
    assertThat(gone.severity()).isEqualTo(DriftSeverity.OK);
    assertThat(gone.certainSeverity()).isEqualTo(DriftSeverity.WARNING);
    assertThat(record(DriftVerdict.SIGNIFICANT, 0.6).severity()).isEqualTo(DriftSeverity.CRITICAL);
    assertThat(record(DriftVerdict.NOT_LARGE, 0.1).severity()).isEqualTo(DriftSeverity.OK);
    DriftRecord chance = record(DriftVerdict.NOT_CERTAIN, 0.6);
    assertThat(chance.severity()).isEqualTo(DriftSeverity.CRITICAL);
    assertThat(chance.certainSeverity()).isEqualTo(DriftSeverity.OK);
  }

  private static DriftRecord record(DriftVerdict verdict, @Nullable Double psi) {
    return new DriftRecord(
        DAY,
        SUBJECT,
        DriftReference.WEEK,
        new DriftFigures(psi, 100, 100, 0.1, 0.001, null, null, null, 0, 0, 1, ""),
        verdict);
  }

  private static DriftVerdict missing(double above, DayValues before, DayValues day) {
    DriftSettings settings =
        new DriftSettings(
            List.of(), true, null, 0.01, DriftGate.standard(), DriftGate.pinned(), above);
    DayDrift drift = new DayDrift(DAY, settings);
    drift.compare(SUBJECT, DriftReference.WEEK, before, day);
    return drift.records().get(0).verdict();
  }

  private static DriftVerdict verdict(DriftSettings settings, DriftReference reference) {
    DayDrift drift = new DayDrift(DAY, settings);
    drift.compare(SUBJECT, reference, BEFORE, A_QUARTER_MORE);
    return drift.records().get(0).verdict();
  }

  private static DayValues values(double factor) {
    List<Long> latencies =
        LongStream.range(0, 1_000).mapToObj(i -> Math.round(factor * (200 + i))).toList();
    return DayValues.ofValues(SUBJECT, latencies);
  }
}
