package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link DailyAggregateStore} promises about drift beside that of the latency against
 * the week: features, what is missing, seasons, baselines and subgroups.
 */
public abstract class DailyDriftContract extends DailyAggregationKit {

  @Test
  @DisplayName("A screening model drifts in what it says: each feature has its own row")
  void outputDrift_isFoundApartFromLatencyDrift() {
    watch(List.of(new DriftFeature("/response/risk_level"), new DriftFeature("/response/sure")));
    says(YESTERDAY.minusDays(1), "risk_level", i -> i % 10 == 0 ? "high" : "low");
    says(YESTERDAY, "risk_level", i -> i % 2 == 0 ? "high" : "low");
    computeDue();

    List<DriftRecord> records = days().drift(filter(null, YESTERDAY, YESTERDAY), 10);
    assertThat(records)
        .extracting(DriftRecord::feature, DriftRecord::alert)
        .containsExactly(tuple("/response/risk_level", true), tuple("latency_ms", false));
    // (0.5 − 0.1)·ln(0.5/0.1) + (0.5 − 0.9)·ln(0.5/0.9)
    assertThat(records.get(0).psi()).isCloseTo(0.8789, within(1e-4));
    assertThat(records.get(0).referenceCount()).isEqualTo(100);
    assertThat(records.get(0).currentCount()).isEqualTo(100);
    assertThat(aggregate(YESTERDAY).drift()).isEqualTo(records.get(1));
    assertThat(psi(YESTERDAY)).isZero();
  }

  @Test
  void numbersThatBecomeTexts_driftCompletely() {
    watch(List.of(new DriftFeature("/response/confidence")));
    says(YESTERDAY.minusDays(2), "confidence", i -> i / 100.0);
    says(YESTERDAY.minusDays(1), "confidence", i -> i / 100.0);
    says(YESTERDAY, "confidence", i -> i % 2 == 0 ? "0.5" : "0.7");
    computeDue();

    List<DriftRecord> records = days().drift(filter(null, YESTERDAY.minusDays(1), YESTERDAY), 9);
    assertThat(records).hasSize(4);
    assertThat(records.get(0).psi()).isGreaterThan(10);
    assertThat(records.get(0).alert()).isTrue();
    assertThat(records.get(3).date()).isEqualTo(YESTERDAY.minusDays(1));
    assertThat(records.get(3).psi()).as("the same numbers as the day before").isZero();
  }

  @Test
  void aFeature_needsTenValuesOnBothSides() {
    watch(List.of(new DriftFeature("/response/confidence"), new DriftFeature("/response/of")));
    says(YESTERDAY.minusDays(1), "confidence", i -> i < 10 ? (Object) 0.5 : null);
    says(YESTERDAY.minusDays(1), "of", i -> i < 9 ? (Object) 0.5 : List.of());
    says(YESTERDAY, "confidence", i -> 0.5);
    says(YESTERDAY, "of", i -> 0.5);
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 9))
        .filteredOn(one -> one.psi() != null)
        .extracting(DriftRecord::feature)
        .containsExactlyInAnyOrder("latency_ms", "/response/confidence");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5e-324", "1e20", "1.7e308"})
  void extremeNumbers_doNotStopADayFromBeingComputed(BigDecimal extreme) {
    watch(List.of(new DriftFeature("/response/confidence")));
    says(YESTERDAY.minusDays(1), "confidence", i -> extreme);
    says(YESTERDAY, "confidence", i -> i < 50 ? extreme : extreme.negate());
    says(YESTERDAY.minusDays(2), "confidence", i -> extreme);
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY.minusDays(1), YESTERDAY), 9))
        .filteredOn(one -> !one.feature().equals("latency_ms"))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.psi()).isFinite());
  }

  @Test
  void manyDifferentTexts_areTheMostFrequentOnesPlusTheRest() {
    watch(List.of(new DriftFeature("/response/text")));
    String tail = "x".repeat(FeatureValues.MAX_TEXT_LENGTH - 4);
    for (int part = 0; part < 4; part++) {
      int first = 100 * part;
      says(YESTERDAY.minusDays(1), "text", i -> "%04d%sA".formatted(first + i, tail));
      says(YESTERDAY, "text", i -> "%04d%sB".formatted(first + i, tail));
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 9))
        .filteredOn(one -> one.feature().equals("/response/text"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.referenceCount()).isEqualTo(400);
              assertThat(one.currentCount()).isEqualTo(400);
              assertThat(one.psi()).as("they differ only past where they are cut").isZero();
            });
  }

  @Test
  @DisplayName("95 % of a value gone, or all of it")
  void missingValues_areAnAlert_forLatencyAndForFeatures() {
    watch(List.of(new DriftFeature("/response/confidence"), new DriftFeature("/response/all")));
    for (LocalDate day : List.of(YESTERDAY.minusDays(1), YESTERDAY)) {
      boolean gone = day.equals(YESTERDAY);
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        events.add(
            at(day)
                .model("m")
                .latency(gone && i % 20 != 0 ? null : (Long) 100L)
                .says("confidence", gone && i % 20 != 0 ? null : (Object) (i % 7 / 10.0))
                .says("all", gone ? null : (Object) "x")
                .build());
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 9))
        .hasSize(3)
        .allSatisfy(
            one -> {
              assertThat(one.alert()).isTrue();
              assertThat(one.figures().referenceMissingShare()).isZero();
              assertThat(one.figures().missingShare()).isGreaterThanOrEqualTo(0.95);
              assertThat(one.figures().summary()).contains("without a value: 0 % →");
            })
        .filteredOn(one -> one.psi() == null)
        .extracting(DriftRecord::feature)
        .containsExactly("/response/all");
    assertThat(days().alerts(filter(null, YESTERDAY.minusDays(9), TODAY))).hasSize(3);
    assertThat(psi(YESTERDAY)).isZero();
  }

  @Test
  @DisplayName("A weekend is no drift once there are four weeks to compare it with")
  void weeklySeason_isNoDrift() {
    Random random = new Random(17);
    LocalDate saturday = LocalDate.of(2026, 3, 7);
    for (int day = 34; day >= 0; day--) {
      LocalDate date = saturday.minusDays(day);
      boolean weekend = date.getDayOfWeek().getValue() > 5;
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < (weekend ? 160 : 400); i++) {
        long latency = (long) ((weekend ? 350 : 700) * Math.exp(0.3 * random.nextGaussian()));
        events.add(at(date).model("m").latency(latency).build());
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    List<DriftRecord> records = days().drift(filter(null, saturday, saturday), 9);
    assertThat(records)
        .extracting(one -> one.reference().name(), DriftRecord::verdict)
        .containsExactlyInAnyOrder(
            tuple("week", DriftVerdict.SEASONAL), tuple("weekdays", DriftVerdict.STABLE));
    assertThat(days().drift(filter(null, saturday.minusDays(21), saturday.minusDays(21)), 9))
        .as("two Saturdays before it are no season")
        .singleElement()
        .satisfies(one -> assertThat(one.alert()).isTrue());
    assertThat(
            days()
                .comparison(saturday, records.get(0).subject(), DriftReference.WEEKDAYS)
                .orElseThrow()
                .psi()
                .referenceCount())
        .as("the oldest of four is past the retention of some stores")
        .isIn(3L * 160, 4L * 160);
  }

  @Test
  void withoutASeason_onlyTheWeekDecides() {
    watch(DriftSettings.standard().withSeason(false));
    for (int week = 0; week < 6; week++) {
      many(YESTERDAY.minusDays(7L * week), 100, 100);
    }
    many(YESTERDAY.minusDays(1), 100, 800);
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 9))
        .singleElement()
        .satisfies(one -> assertThat(one.reference()).isEqualTo(DriftReference.WEEK));
  }

  @Test
  @DisplayName("A late event changes every day that its own is compared with, 28 days on")
  void aLateEvent_reopensTheSameWeekdays() {
    for (int week = 5; week >= 0; week--) {
      many(YESTERDAY.minusDays(7L * week), 20, 100);
    }
    computeDue();
    LocalDate late = YESTERDAY.minusDays(28);
    many(late, 30, 700);
    compute(late);
    assertThat(days().due()).isEmpty();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 9))
        .filteredOn(one -> one.reference().equals(DriftReference.WEEKDAYS))
        .singleElement()
        .satisfies(one -> assertThat(one.referenceCount()).isEqualTo(4 * 20 + 30));
  }

  @Test
  @DisplayName("A baseline stays where it is")
  void aBaseline_isComparedWithEveryDayAfterIt() {
    DriftSubject latencies = new DriftSubject(OrgScope.all(), "m", DriftRecord.LATENCY);
    for (int day = 20; day >= 0; day--) {
      many(YESTERDAY.minusDays(day), 200, 1_000 + 20 * (20 - day));
    }
    computeDue();
    LocalDate first = YESTERDAY.minusDays(20);
    DayValues stored = baselines().stored(latencies, first, first.plusDays(1));
    assertThat(stored.values().total()).isEqualTo(400);
    assertThat(stored.events()).isEqualTo(400);
    DriftBaseline baseline =
        new DriftBaseline("release-3", latencies, first, first.plusDays(1), stored);
    baselines().put(baseline);
    assertThat(baselines().list()).containsExactly(baseline);
    assertThat(days().due()).contains(first.plusDays(2), YESTERDAY).doesNotContain(first);
    computeDue();

    DriftReference reference = DriftReference.baseline("release-3");
    assertThat(days().drift(filter(null, first, YESTERDAY), 100))
        .filteredOn(one -> one.reference().equals(reference))
        .hasSize(19)
        .first()
        .satisfies(
            one -> {
              assertThat(one.date()).isEqualTo(YESTERDAY);
              assertThat(one.alert()).isTrue();
              assertThat(one.referenceCount()).isEqualTo(400);
              assertThat(one.figures().medianShift()).isBetween(0.3, 0.4);
              assertThat(one.figures().direction()).isEqualTo(DriftDirection.UP);
            });
    assertThat(days().comparison(YESTERDAY, latencies, reference)).isPresent();
    assertThat(aggregate(YESTERDAY).drift())
        .satisfies(one -> assertThat(one).isNotNull())
        .satisfies(
            one -> assertThat(one == null ? null : one.reference().name()).isEqualTo("week"));

    DriftSubject says = new DriftSubject(OrgScope.of("o"), "m", "/response/risk_level");
    FeatureValues values = FeatureValues.builder().add("low", 90).add("high", 10).build();
    DriftBaseline validation =
        new DriftBaseline("validation", says, null, null, new DayValues(values, 0, 1));
    baselines().put(validation);
    assertThat(baselines().list()).containsExactly(baseline, validation);
    assertThat(baselines().remove("release-3", latencies)).isTrue();
    assertThat(baselines().remove("release-3", latencies)).isFalse();
    assertThat(baselines().list()).containsExactly(validation);
  }

  @Test
  void comparisonsWithABaseline_areRemoved_whenItIsReplacedOrRemoved() {
    DriftSubject latencies = new DriftSubject(OrgScope.all(), "m", DriftRecord.LATENCY);
    LocalDate first = YESTERDAY.minusDays(3);
    for (int day = 0; day < 4; day++) {
      many(first.plusDays(day), 200, 1_000 + 500 * day);
    }
    computeDue();
    DriftBaseline early =
        new DriftBaseline(
            "b", latencies, first, first, baselines().stored(latencies, first, first));
    baselines().put(early);
    computeDue();
    assertThat(comparedWith("b")).hasSize(3);

    baselines().put(new DriftBaseline("b", latencies, first, first.plusDays(2), early.values()));
    assertThat(comparedWith("b")).isEmpty();
    computeDue();
    assertThat(comparedWith("b"))
        .singleElement()
        .extracting(DriftRecord::date)
        .isEqualTo(YESTERDAY);

    assertThat(baselines().remove("b", latencies)).isTrue();
    assertThat(comparedWith("b")).isEmpty();
  }

  private List<DriftRecord> comparedWith(String baseline) {
    return days().drift(filter(null, YESTERDAY.minusDays(9), YESTERDAY), 100).stream()
        .filter(one -> one.reference().equals(DriftReference.baseline(baseline)))
        .toList();
  }

  @Test
  @DisplayName("A model that drifts for infants alone is seen")
  void subgroups_areComparedSeparately() {
    watch(
        DriftSettings.standard()
            .withFeatures(List.of(new DriftFeature("/response/risk_level")))
            .withBy(new DriftFeature("/request/age_band")));
    String[] bands = {"infant", "toddler", "school"};
    for (int day = 3; day >= 0; day--) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 1_200; i++) {
        String band = bands[i % 12 == 0 ? 0 : 1 + i % 2];
        boolean odd = day == 0 && band.equals("infant") && i % 5 != 0;
        events.add(
            at(YESTERDAY.minusDays(day))
                .model("m")
                .org("o")
                .latency(100L + i % 50)
                .asks("age_band", i % 100 == 99 ? null : band)
                .says("risk_level", odd || i % 10 == 0 ? "high" : "low")
                .build());
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    List<DriftRecord> records = days().drift(filter("o", YESTERDAY, YESTERDAY), 100);
    assertThat(records).hasSize(8);
    assertThat(records.get(0))
        .satisfies(
            one -> {
              assertThat(one.alert()).isTrue();
              assertThat(one.subject().subgroup()).isEqualTo("infant");
              assertThat(one.feature()).isEqualTo("/response/risk_level");
              assertThat(one.currentCount()).isEqualTo(100);
              assertThat(one.figures().summary()).contains("\"high\"");
            });
    assertThat(records.stream().filter(DriftRecord::alert)).hasSize(1);
    assertThat(days().comparison(YESTERDAY, records.get(0).subject(), DriftReference.WEEK))
        .hasValueSatisfying(one -> assertThat(one.psi().currentCount()).isEqualTo(100));
    assertThat(aggregates("o")).hasSize(4);
  }

  @Test
  @DisplayName("DRIFT_BY=/org_id: an organisation that drifts alone is seen among all together")
  void organisationsCanBeSubgroups() {
    watch(DriftSettings.standard().withBy(new DriftFeature("/org_id")));
    for (int day = 3; day >= 0; day--) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 1_200; i++) {
        boolean drifting = i % 12 == 0;
        events.add(
            at(YESTERDAY.minusDays(day))
                .model("m")
                .org(drifting ? "a" : "b")
                .latency((drifting && day == 0 ? 110L : 100L) + i % 50)
                .build());
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    assertThat(days().alerts(filter(null, YESTERDAY, YESTERDAY)))
        .extracting(one -> one.subject().subgroup())
        .containsExactly("a");
  }

  @Test
  void subgroups_areTextsAndBooleans_ofBoundedLength() {
    watch(DriftSettings.standard().withBy(new DriftFeature("/request/age_band")));
    List<Object> values =
        List.of(
            true,
            "quote\" \\ 模型 🙂",
            "🙂".repeat(70),
            "\"\\".repeat(500),
            "\u0001".repeat(63) + "🙂".repeat(900),
            "x".repeat(2_000),
            7,
            List.of("x"),
            Map.of("a", "b"));
    for (LocalDate day : List.of(YESTERDAY.minusDays(1), YESTERDAY)) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 20 * values.size(); i++) {
        events.add(
            at(day).model("m").latency(5L).asks("age_band", values.get(i % values.size())).build());
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 100))
        .extracting(one -> one.subject().subgroup(), DriftRecord::currentCount)
        .containsExactlyInAnyOrder(
            tuple(null, 180L),
            tuple("true", 20L),
            tuple("quote\" \\ 模型 🙂", 20L),
            tuple("🙂".repeat(64), 20L),
            tuple("\"\\".repeat(32), 20L),
            tuple("\u0001".repeat(63) + "🙂", 20L),
            tuple("x".repeat(64), 20L));
  }

  @Test
  void subgroupsBeyondTheLimit_countOnlyInAllEvents() {
    watch(DriftSettings.standard().withBy(new DriftFeature("/request/age_band")));
    List<LocalDate> both = List.of(YESTERDAY.minusDays(1), YESTERDAY);
    for (LocalDate day : both) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int band = 0; band < 2 * DayTally.MAX_COUNTED_SUBGROUPS; band++) {
        for (int i = 0; i < (band < DayTally.MAX_COUNTED_SUBGROUPS ? 10 : 12); i++) {
          events.add(
              at(day)
                  .org(i % 2 == 0 ? "one" : "two")
                  .model("m")
                  .latency(5L)
                  .asks("age_band", "%03d".formatted(band))
                  .build());
        }
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 100))
        .extracting(one -> one.subject().subgroup(), DriftRecord::currentCount)
        .contains(tuple(null, 2_200L), tuple("000", 10L), tuple("019", 10L))
        .hasSize(1 + DriftSettings.MAX_SUBGROUPS);
  }

  @Test
  void ofTooManySubgroups_theMostFrequentAreKept() {
    watch(DriftSettings.standard().withBy(new DriftFeature("/request/age_band")));
    for (LocalDate day : List.of(YESTERDAY.minusDays(1), YESTERDAY)) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        for (int j = 0; j < 10 + i; j++) {
          events.add(
              at(day).model("m").latency(5L).asks("age_band", "%03d".formatted(99 - i)).build());
        }
      }
      store().append(OrgPermission.all(), events);
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 100))
        .filteredOn(one -> one.subject().subgroup() != null)
        .hasSize(DriftSettings.MAX_SUBGROUPS)
        .allSatisfy(one -> assertThat(one.subject().subgroup()).isLessThan("070"));
  }
}
