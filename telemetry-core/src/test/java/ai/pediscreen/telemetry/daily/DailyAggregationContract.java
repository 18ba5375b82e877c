package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.drift.Bin;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link DailyAggregateStore} promises, alone and driven by {@link DailyAggregation}. An
 * adapter's test extends this class; the store is empty when a test begins.
 */
public abstract class DailyAggregationContract extends DailyDriftContract {

  @Test
  void nothingIsDue_withoutEvents() {
    assertThat(days().now()).isEqualTo(NOW);
    assertThat(days().due()).isEmpty();
    assertThat(compute(YESTERDAY)).isZero();
    assertThat(aggregates(null)).isEmpty();
  }

  @Test
  void comparison_addsUpToTheRecord_ofItsOwnSubject() {
    for (int i = 0; i < 40; i++) {
      append(at(YESTERDAY.minusDays(1 + i % 7)).model("m").org("o").latency(10L * i));
      append(at(YESTERDAY).model("m").org(i % 2 == 0 ? "o" : "p").latency(200L + 10L * i));
    }
    computeDue();

    for (OrgScope org : List.of(OrgScope.all(), OrgScope.of("o"))) {
      DayFilter filter = new DayFilter(OrgFilter.of(org), "m", YESTERDAY, YESTERDAY);
      DriftRecord record = days().drift(filter, 1).get(0);
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
    assertThat(days().aggregates(new DayFilter(OrgFilter.all(), "other", YESTERDAY, YESTERDAY)))
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
  void drift_isAnAlert_whenLargeAndCertain() {
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
  void computingADay_computesMissingDaysOfItsReferenceFirst() {
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
  void lateEvent_changesItsDayAndTheSevenAfter_only() {
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
  void lateEvent_canAddAModelOrOrganisationToItsDay() {
    many(YESTERDAY, 1, 100);
    compute(YESTERDAY);
    append(at(YESTERDAY).model("new").org("late"), at(YESTERDAY).model(null));
    assertThat(compute(YESTERDAY)).isEqualTo(3);
    assertThat(aggregates("late")).extracting(DailyAggregate::modelId).containsExactly("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2028-02-29", "2028-03-01", "2026-12-31", "2027-01-01", "2026-03-29"})
  @DisplayName("leap day, year's end, the day on which European clocks change")
  void day_hasThe24HoursOfUtc(LocalDate day) {
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
  void eventsOfAReopenedDay_areNotMissed() {
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
  void drift_isListedNewestFirst_upToTheLimit() {
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
    assertThat(days().drift(new DayFilter(OrgFilter.all(), "m", YESTERDAY, TODAY), 100)).hasSize(1);
    assertThat(days().drift(filter("nobody", YESTERDAY.minusDays(9), TODAY), 100)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomWeeksWithLateEvents_equalTheOracle(long seed) {
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
      store().append(OrgPermission.all(), events);
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
  void concurrentComputations_giveTheSameRows() throws Exception {
    Random random = new Random(7);
    List<TelemetryEvent> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      all.add(DailyOracle.random(random, "e-" + i, YESTERDAY.minusDays(random.nextInt(9))));
    }
    store().append(OrgPermission.all(), all);
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
}
