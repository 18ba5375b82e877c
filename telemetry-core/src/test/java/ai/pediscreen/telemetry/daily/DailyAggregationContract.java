package ai.pediscreen.telemetry.daily;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.Bin;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link DailyAggregateStore} promises, alone and driven by {@link DailyAggregation}. An
 * adapter's test extends this class; the store is empty when a test begins.
 */
public abstract class DailyAggregationContract {

  /** Noon: the day before it is over, its own is not. */
  protected static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private static final LocalDate TODAY = LocalDate.of(2026, 3, 10);
  private static final LocalDate YESTERDAY = TODAY.minusDays(1);

  private int appended;

  /** Where events go; the same throughout a test. */
  protected abstract EventStore store();

  /** The days of {@link #store}. */
  protected abstract DailyAggregateStore days();

  /** The baselines that these are compared with. */
  protected abstract DriftBaselines baselines();

  /** Makes {@link #days} watch something else; called before anything is stored. */
  protected abstract void watch(DriftSettings settings);

  private void watch(List<DriftFeature> features) {
    watch(DriftSettings.standard().withFeatures(features));
  }

  /** Sets the clock of both. */
  protected abstract void setNow(Instant now);

  @BeforeEach
  void begin() {
    setNow(NOW);
  }

  @Test
  void nothingIsDue_withoutEvents() {
    assertThat(days().now()).isEqualTo(NOW);
    assertThat(days().due()).isEmpty();
    assertThat(compute(YESTERDAY)).isZero();
    assertThat(aggregates(null)).isEmpty();
  }

  @Test
  void comparison_addsUpToTheRecord_ofItsOrganisationModelAndFeatureAlone() {
    for (int i = 0; i < 40; i++) {
      append(at(YESTERDAY.minusDays(1 + i % 7)).model("m").org("o").latency(10L * i));
      append(at(YESTERDAY).model("m").org(i % 2 == 0 ? "o" : "p").latency(200L + 10L * i));
    }
    computeDue();

    for (OrgScope org : List.of(OrgScope.all(), OrgScope.of("o"))) {
      DriftRecord record = days().drift(new DayFilter(org, "m", YESTERDAY, YESTERDAY), 1).get(0);
      PsiResult<?> result = comparison(YESTERDAY, org, "m", DriftRecord.LATENCY).orElseThrow();
      assertThat(record.psi()).isEqualTo(result.index());
      assertThat(record.referenceCount()).isEqualTo(result.referenceCount());
      assertThat(result.bins().stream().mapToLong(Bin::currentCount).sum())
          .isEqualTo(org.orgId() == null ? 40 : 20);
    }
    assertThat(comparison(YESTERDAY, OrgScope.of("p"), "m", DriftRecord.LATENCY)).isEmpty();
    assertThat(comparison(YESTERDAY, OrgScope.all(), "n", DriftRecord.LATENCY)).isEmpty();
    assertThat(comparison(YESTERDAY, OrgScope.all(), "m", "other")).isEmpty();
    assertThat(comparison(TODAY, OrgScope.all(), "m", DriftRecord.LATENCY)).isEmpty();
  }

  @Test
  void aDayIsDue_onceItIsOver() {
    append(at(TODAY).model("m"), at(TODAY.plusDays(1)).model("m"), at(YESTERDAY).model("m"));
    assertThat(days().due()).containsExactly(YESTERDAY);

    setNow(Instant.parse("2026-03-10T23:59:59.999999Z"));
    assertThat(days().due()).containsExactly(YESTERDAY);
    setNow(Instant.parse("2026-03-11T00:00:00Z"));
    assertThat(days().due()).containsExactly(YESTERDAY, TODAY);
  }

  @Test
  void aDayThatIsNotOver_isRefused() {
    append(at(TODAY).model("m"));
    assertThatThrownBy(() -> days().compute(TODAY))
        .isInstanceOf(DayNotOverException.class)
        .hasMessage("the UTC day 2026-03-10 is not over yet");
    assertThatThrownBy(() -> compute(TODAY)).isInstanceOf(DayNotOverException.class);
    assertThat(days().computed(TODAY, TODAY)).isEmpty();
  }

  @Test
  @DisplayName("One row per UTC day and model, for all organisations together and for each")
  void aggregate_hasTheFiguresOfItsModelAndOrganisation() {
    append(
        at(YESTERDAY).model("m").org("a").latency(10L).cost("0.1").status(500),
        at(YESTERDAY).model("m").org("a").latency(20L).cost("0.0000004").fallbackTo("rules"),
        at(YESTERDAY).model("m").org("b").latency(31L).cost("0.0000004"),
        at(YESTERDAY).model("m").latency(null),
        at(YESTERDAY).model("other").org("b").latency(5L),
        at(YESTERDAY).model(null).org("b").latency(1_000L));

    assertThat(compute(YESTERDAY)).isEqualTo(5);
    DailyAggregate all = aggregates(null).get(0);
    assertThat(all.org()).isEqualTo(OrgScope.all());
    assertThat(all.calls()).isEqualTo(4);
    assertThat(all.averageLatencyMillis()).isEqualByComparingTo("20.333333");
    assertThat(all.errorPercent()).isEqualByComparingTo("25");
    assertThat(all.fallbacks()).isEqualTo(1);
    assertThat(all.p50LatencyMillis()).isEqualTo(20);
    assertThat(all.p95LatencyMillis()).isEqualTo(31);
    assertThat(all.p99LatencyMillis()).isEqualTo(31);
    assertThat(all.costUsd()).isEqualByComparingTo("0.100001");
    assertThat(all.currentCount()).isEqualTo(3);
    assertThat(all.referenceCount()).isZero();
    assertThat(all.drift()).isNull();
    assertThat(aggregates(null)).extracting(DailyAggregate::modelId).containsExactly("m", "other");
    assertThat(aggregates("a")).extracting(DailyAggregate::calls).containsExactly(2L);
    assertThat(aggregates("b"))
        .extracting(DailyAggregate::modelId, DailyAggregate::calls)
        .containsExactly(tuple("m", 1L), tuple("other", 1L));
    assertThat(aggregates("nobody")).isEmpty();
    assertThat(days().aggregates(new DayFilter(OrgScope.all(), "other", YESTERDAY, YESTERDAY)))
        .singleElement()
        .satisfies(one -> assertThat(one.averageLatencyMillis()).isEqualByComparingTo("5"));
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10})
  @DisplayName("null unless both sides have 10 values")
  void psi_needsTenValuesOnBothSides(int values) {
    many(YESTERDAY.minusDays(3), values, 100);
    many(YESTERDAY, 10, 200);
    many(TODAY, 9, 300);
    setNow(NOW.plus(Duration.ofDays(1)));
    assertThat(computeDue()).hasSize(3);

    assertThat(psi(YESTERDAY))
        .as("%d against 10", values)
        .satisfies(psi -> assertThat(psi == null).isEqualTo(values < 10));
    assertThat(psi(TODAY)).as("over ten against nine").isNull();
  }

  @Test
  void reference_isTheSevenDaysBefore_andNoOther() {
    many(YESTERDAY.minusDays(8), 100, 5_000);
    many(YESTERDAY.minusDays(7), 11, 100);
    many(YESTERDAY.minusDays(1), 12, 100);
    many(YESTERDAY, 13, 100);
    computeDue();

    DailyAggregate one = aggregate(YESTERDAY);
    assertThat(one.referenceCount()).isEqualTo(23);
    assertThat(one.currentCount()).isEqualTo(13);
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 10)).containsExactly(drift(one));
    assertThat(drift(one).verdict()).isEqualTo(DriftVerdict.NOT_CERTAIN);
    assertThat(drift(one).alert()).isFalse();
  }

  @Test
  void drift_isAnAlert_whenLargeAndTheSamplesCanCarryIt() {
    many(YESTERDAY.minusDays(1), 1_000, 100);
    many(YESTERDAY, 1_000, 600);
    computeDue();

    DriftRecord drift = drift(aggregate(YESTERDAY));
    assertThat(drift.severity()).isEqualTo(DriftSeverity.CRITICAL);
    assertThat(drift.significant()).isTrue();
    assertThat(drift.alert()).isTrue();
    assertThat(drift.feature()).isEqualTo("latency_ms");
  }

  @Test
  @DisplayName("Recomputing a day replaces it: any number of runs gives the same rows")
  void computingAgain_changesNothing() {
    many(YESTERDAY.minusDays(1), 20, 100);
    many(YESTERDAY, 20, 150);
    compute(YESTERDAY);
    List<DailyAggregate> first = aggregates(null);
    assertThat(days().due()).isEmpty();

    assertThat(compute(YESTERDAY)).isEqualTo(1);
    assertThat(days().compute(YESTERDAY)).isEqualTo(1);
    assertThat(aggregates(null)).isEqualTo(first).hasSize(2);
    assertThat(days().computed(YESTERDAY.minusDays(9), TODAY))
        .containsExactly(
            new ComputedDay(YESTERDAY.minusDays(1), 1, 1), new ComputedDay(YESTERDAY, 1, 1));
  }

  @Test
  void askingForADay_computesTheMissingDaysOfItsReferenceFirst() {
    many(YESTERDAY.minusDays(8), 20, 100);
    many(YESTERDAY.minusDays(7), 20, 100);
    many(YESTERDAY, 20, 150);

    compute(YESTERDAY);
    assertThat(aggregate(YESTERDAY).referenceCount()).isEqualTo(20);
    assertThat(days().due()).containsExactly(YESTERDAY.minusDays(8));
    computeDue();
    assertThat(aggregate(YESTERDAY.minusDays(7)).referenceCount()).isEqualTo(20);
  }

  @Test
  @DisplayName("A late event reopens its day")
  void aLateEvent_changesItsDayAndSevenMore_andNoOther() {
    for (int day = 10; day >= 0; day--) {
      many(YESTERDAY.minusDays(day), 15, 100);
    }
    computeDue();
    LocalDate late = YESTERDAY.minusDays(9);
    many(late, 30, 700);
    assertThat(days().due()).containsExactly(late);

    compute(late);

    assertThat(days().due()).isEmpty();
    assertThat(aggregate(late).calls()).isEqualTo(45);
    assertThat(aggregate(late.plusDays(7)).referenceCount()).isEqualTo(7 * 15 + 30);
    assertThat(aggregate(late.plusDays(8)).referenceCount()).isEqualTo(7 * 15);
    assertThat(days().computed(YESTERDAY.minusDays(10), YESTERDAY))
        .extracting(ComputedDay::revision)
        .containsExactly(1L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 1L, 1L);
  }

  @Test
  void aLateEvent_addsAModelOrOrganisationThatTheDayDidNotHave() {
    many(YESTERDAY, 1, 100);
    compute(YESTERDAY);
    append(at(YESTERDAY).model("new").org("late"), at(YESTERDAY).model(null));
    assertThat(compute(YESTERDAY)).isEqualTo(3);
    assertThat(aggregates("late")).extracting(DailyAggregate::modelId).containsExactly("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2028-02-29", "2028-03-01", "2026-12-31", "2027-01-01", "2026-03-29"})
  @DisplayName("leap day, year's end, the day on which European clocks change")
  void everyDayHas24HoursOfUtc(LocalDate day) {
    setNow(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    append(
        at(day).model("m").at(start),
        at(day).model("m").at(start.plus(Duration.ofDays(1)).minusNanos(1_000)),
        at(day).model("m").at(start.minusNanos(1_000)),
        at(day).model("m").at(start.plus(Duration.ofDays(1))));
    assertThat(days().due()).containsExactly(day.minusDays(1), day);
    computeDue();
    assertThat(aggregate(day).calls()).isEqualTo(2);
    assertThat(aggregate(day.minusDays(1)).calls()).isEqualTo(1);
  }

  @Test
  @DisplayName("a clock that jumps back an hour")
  void eventsOfADayThatReturns_areNotMissed() {
    many(YESTERDAY, 5, 100);
    setNow(Instant.parse("2026-03-10T00:20:00Z"));
    compute(YESTERDAY);

    setNow(Instant.parse("2026-03-09T23:20:00Z"));
    many(YESTERDAY, 5, 100);
    assertThat(days().due()).isEmpty();
    assertThatThrownBy(() -> compute(YESTERDAY)).isInstanceOf(DayNotOverException.class);

    setNow(Instant.parse("2026-03-10T00:10:00Z"));
    assertThat(days().due()).containsExactly(YESTERDAY);
    compute(YESTERDAY);
    assertThat(aggregate(YESTERDAY).calls()).isEqualTo(10);
  }

  @Test
  void drift_isListedNewestFirst_andNoMoreThanAskedFor() {
    for (int day = 3; day >= 0; day--) {
      many(YESTERDAY.minusDays(day), 20, 100);
      for (int i = 0; i < 20; i++) {
        append(at(YESTERDAY.minusDays(day)).model("wild").latency(i * 1_000L * (day + 1)));
      }
    }
    computeDue();
    List<DriftRecord> all = days().drift(filter(null, YESTERDAY.minusDays(9), TODAY), 100);
    assertThat(all).hasSize(6).isSortedAccordingTo(DriftRecord.NEWEST_FIRST);
    assertThat(all.get(0).date()).isEqualTo(YESTERDAY);
    assertThat(all.get(0).modelId()).isEqualTo("wild");
    assertThat(days().drift(filter(null, YESTERDAY.minusDays(9), TODAY), 3))
        .isEqualTo(all.subList(0, 3));
    assertThat(days().drift(new DayFilter(OrgScope.all(), "m", YESTERDAY, TODAY), 100)).hasSize(1);
    assertThat(days().drift(filter("nobody", YESTERDAY.minusDays(9), TODAY), 100)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomWeeks_withLateEvents_areAsTheOracleHasThem(long seed) {
    watch(DailyOracle.DRIFT_FEATURES);
    Random random = new Random(seed);
    List<TelemetryEvent> all = new ArrayList<>();
    LocalDate first = YESTERDAY.minusDays(20);
    for (int round = 0; round < 5; round++) {
      // The first round makes the weeks; later ones come late, to a few days.
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < (round == 0 ? 3_000 : 60); i++) {
        int day = round == 0 ? random.nextInt(21) : (round * 5 + random.nextInt(2)) % 21;
        events.add(DailyOracle.random(random, round + "-" + i, first.plusDays(day)));
      }
      all.addAll(events);
      store().append(OrgScope.all(), events);
      if (round % 2 == 0) {
        computeDue();
      } else {
        List<LocalDate> due = new ArrayList<>(days().due());
        Collections.shuffle(due, random);
        due.forEach(this::compute);
      }
      assertThat(days().due()).isEmpty();
      DailyOracle oracle = new DailyOracle(all);
      oracle.assertSame(days(), first, YESTERDAY);
      if (round == 0 || round == 4) {
        oracle.assertSameDrift(days(), first, YESTERDAY);
      }
    }
  }

  @Test
  @DisplayName("A screening model drifts in what it says: each feature has its own row")
  void whatTheModelSays_driftsApartFromItsLatency() {
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
  void numbersThatTurnIntoTexts_haveDriftedAsFarAsCanBe() {
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
  void extremeNumbers_doNotKeepADayFromBeingComputed(BigDecimal extreme) {
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
  void manyDifferentTexts_areTheMostFrequentOnes_andTheRest() {
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
  void valuesThatAreGone_areAnAlert_forLatencyAndForFeatures() {
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
      store().append(OrgScope.all(), events);
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
  void aSeason_isNoDrift() {
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
      store().append(OrgScope.all(), events);
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
  void withoutASeason_theWeekDecidesAlone() {
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
  @DisplayName("A model that drifts for infants alone is seen")
  void subgroups_driftApart() {
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
      store().append(OrgScope.all(), events);
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
  void tooManySubgroups_areTheMostFrequentOnes() {
    watch(DriftSettings.standard().withBy(new DriftFeature("/request/age_band")));
    for (LocalDate day : List.of(YESTERDAY.minusDays(1), YESTERDAY)) {
      List<TelemetryEvent> events = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        for (int j = 0; j < 10 + i; j++) {
          events.add(
              at(day).model("m").latency(5L).asks("age_band", "%03d".formatted(99 - i)).build());
        }
      }
      store().append(OrgScope.all(), events);
    }
    computeDue();
    assertThat(days().drift(filter(null, YESTERDAY, YESTERDAY), 100))
        .filteredOn(one -> one.subject().subgroup() != null)
        .hasSize(DriftSettings.MAX_SUBGROUPS)
        .allSatisfy(one -> assertThat(one.subject().subgroup()).isLessThan("070"));
  }

  @Test
  void manyThreadsAtOnce_computeTheSame() throws Exception {
    Random random = new Random(7);
    List<TelemetryEvent> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      all.add(DailyOracle.random(random, "e-" + i, YESTERDAY.minusDays(random.nextInt(9))));
    }
    store().append(OrgScope.all(), all);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        runs.add(threads.submit(() -> new DailyAggregation(days()).computeDue()));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(days().due()).isEmpty();
    new DailyOracle(all).assertSame(days(), YESTERDAY.minusDays(8), YESTERDAY);
    assertThat(days().computed(YESTERDAY.minusDays(8), YESTERDAY))
        .hasSize(9)
        .allSatisfy(day -> assertThat(day.revision()).isEqualTo(1));
  }

  private Optional<PsiResult<?>> comparison(
      LocalDate day, OrgScope org, String modelId, String feature) {
    return days()
        .comparison(day, new DriftSubject(org, modelId, feature), DriftReference.WEEK)
        .map(DriftComparison::psi);
  }

  private int compute(LocalDate day) {
    return new DailyAggregation(days()).compute(day);
  }

  private List<LocalDate> computeDue() {
    return new DailyAggregation(days()).computeDue();
  }

  private EventBuilder at(LocalDate day) {
    return event("e-" + appended++).at(day.atTime(13, 0).toInstant(ZoneOffset.UTC));
  }

  private void append(EventBuilder... events) {
    for (EventBuilder one : events) {
      assertThat(store().append(OrgScope.all(), List.of(one.build())))
          .containsExactly(Receipt.accepted());
    }
  }

  /** So many events of model m, with latencies that rise by one. */
  private void many(LocalDate day, int count, int latencyMillis) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(at(day).model("m").latency((long) latencyMillis + i).build());
    }
    assertThat(store().append(OrgScope.all(), events)).containsOnly(Receipt.accepted());
  }

  /** A hundred events of model m that say something, all equally fast. */
  private void says(LocalDate day, String field, IntFunction<@Nullable Object> value) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      events.add(at(day).model("m").latency(100L).says(field, value.apply(i)).build());
    }
    assertThat(store().append(OrgScope.all(), events)).containsOnly(Receipt.accepted());
  }

  private static DayFilter filter(@Nullable String org, LocalDate from, LocalDate to) {
    return new DayFilter(new OrgScope(org), null, from, to);
  }

  private List<DailyAggregate> aggregates(@Nullable String org) {
    return days().aggregates(filter(org, LocalDate.of(2020, 1, 1), LocalDate.of(2030, 1, 1)));
  }

  private DailyAggregate aggregate(LocalDate day) {
    return days().aggregates(new DayFilter(OrgScope.all(), "m", day, day)).get(0);
  }

  private @Nullable Double psi(LocalDate day) {
    return aggregate(day).psi();
  }

  private static DriftRecord drift(DailyAggregate aggregate) {
    assertThat(aggregate.drift()).isNotNull();
    return Objects.requireNonNull(aggregate.drift());
  }
}
