package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DailyOracle;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Figures of days come back from BigQuery as they were computed. */
@RunsGoogleSql
class BigQueryDailyFiguresTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate FIRST = LocalDate.parse("2026-02-05");
  private static final LocalDate BASELINE_TO = LocalDate.parse("2026-02-11");
  private static final LocalDate LAST = LocalDate.parse("2026-03-09");
  private static final List<@Nullable String> ORGS =
      Arrays.asList(null, "org-a", "Klinik Würzburg");
  private static final List<@Nullable String> MODELS = Arrays.asList(null, "a", "\uff5e", "🙂");

  private final long seed =
      Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
  private final InMemoryTelemetry computed = new InMemoryTelemetry(() -> NOW);
  private final List<TelemetryEvent> events = new ArrayList<>();
  private final Evaluator evaluator = new Evaluator();
  private final DailyFigures figures = new BigQueryDailyFigures(evaluator, Evaluator.SETTINGS);

  @BeforeEach
  void exportDays() {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      int daysAgo = 1 + random.nextInt(33);
      int slower = daysAgo < 3 ? 4 : 1;
      events.add(
          event("e-" + i)
              .at(NOW.minus(daysAgo, ChronoUnit.DAYS).plusSeconds(random.nextInt(40_000)))
              .org(ORGS.get(random.nextInt(ORGS.size())))
              .model(MODELS.get(random.nextInt(MODELS.size())))
              .latency(random.nextInt(9) == 0 ? null : (Long) (slower * random.nextLong(2_000)))
              .status(random.nextInt(5) == 0 ? 500 : 200)
              .fallbackTo(random.nextInt(7) == 0 ? "rules" : null)
              .cost(random.nextInt(4) == 0 ? null : "0." + random.nextInt(1_000_000_000))
              .asks("input_tokens", random.nextInt(200_000))
              .says("output_tokens", random.nextInt(3) == 0 ? null : random.nextInt(3_000))
              .build());
    }
    computed.append(OrgPermission.all(), events);
    new DailyAggregation(computed).computeDue();
    DriftSubject pinned = new DriftSubject(OrgScope.all(), "a", DriftRecord.LATENCY);
    computed.put(
        new DriftBaseline(
            "first-week", pinned, FIRST, BASELINE_TO, computed.stored(pinned, FIRST, BASELINE_TO)));
    new DailyAggregation(computed).computeDue();
    List<AggregateTable.Row> rows = new ArrayList<>();
    List<DriftTable.Row> drift = new ArrayList<>();
    for (String org : ORGS) {
      DayFilter all = filter(org, null, FIRST, LAST);
      for (DailyAggregate aggregate : computed.aggregates(all)) {
        rows.add(new AggregateTable.Row(aggregate, 1));
      }
      computed.drift(all, 10_000).forEach(one -> drift.add(new DriftTable.Row(one, 1)));
    }
    evaluator.addAggregates(rows);
    evaluator.addDrift(drift);
  }

  @AfterEach
  void close() {
    evaluator.close();
  }

  @Test
  void figures_areThoseThatWereComputed_forEveryFilter() {
    for (String org : Arrays.<@Nullable String>asList(null, "org-a", "nobody")) {
      for (String model : Arrays.<@Nullable String>asList(null, "\uff5e", "nothing")) {
        for (LocalDate from : List.of(LocalDate.EPOCH, LAST.minusDays(3), LAST)) {
          DayFilter filter = filter(org, model, from, LAST.minusDays(from.equals(LAST) ? 0 : 1));
          assertThat(figures.aggregates(filter))
              .as("telemetry.test.seed=%d, %s", seed, filter)
              .isEqualTo(computed.aggregates(filter));
          assertThat(figures.alerts(filter)).isEqualTo(computed.alerts(filter));
          for (int limit : new int[] {1, 5, 1_000}) {
            assertThat(figures.drift(filter, limit))
                .as("telemetry.test.seed=%d, %s, limit %d", seed, filter, limit)
                .isEqualTo(computed.drift(filter, limit));
          }
        }
      }
    }
  }

  @Test
  void drift_ofAnEarlierRevision_isIgnored() {
    DayFilter last = filter(null, null, LAST, LAST);
    evaluator.addAggregates(
        computed.aggregates(last).stream()
            .map(one -> new AggregateTable.Row(moved(one), 2))
            .toList());
    evaluator.addDrift(
        computed.drift(last, 1_000).stream()
            .map(one -> new DriftTable.Row(moved(one), 1))
            .toList());

    LocalDate moved = LAST.plusDays(100);
    assertThat(figures.drift(filter(null, null, moved, moved), 1_000))
        .extracting(one -> one.reference().name())
        .isNotEmpty()
        .containsOnly("week");
  }

  private static DriftRecord moved(DriftRecord one) {
    return new DriftRecord(
        one.date().plusDays(100), one.subject(), one.reference(), one.figures(), one.verdict());
  }

  private static DailyAggregate moved(DailyAggregate one) {
    DriftRecord drift = one.drift();
    return new DailyAggregate(
        one.date().plusDays(100),
        one.org(),
        one.modelId(),
        one.calls(),
        one.averageLatencyMillis(),
        one.errorPercent(),
        one.fallbacks(),
        one.p50LatencyMillis(),
        one.p95LatencyMillis(),
        one.p99LatencyMillis(),
        one.costUsd(),
        one.tokens(),
        one.unpriced(),
        one.referenceCount(),
        one.currentCount(),
        drift == null ? null : moved(drift));
  }

  @Test
  void drift_hasARecordForEachReference() {
    assertThat(figures.drift(filter(null, null, LAST, LAST), 1_000))
        .extracting(one -> one.reference().name())
        .contains("week", "weekdays", "baseline:first-week");
    assertThat(figures.alerts(filter(null, "a", FIRST, LAST)))
        .extracting(one -> one.reference().name())
        .contains("weekdays", "baseline:first-week");
  }

  @Test
  void figures_equalTheOracles() {
    assertThat(figures.drift(filter(null, null, FIRST, LAST), 1_000)).isNotEmpty();

    new DailyOracle(events).assertSame(figures, FIRST, LAST);
  }

  @Test
  void driftComputedByBigQuery_equalsTheStoredDrift() {
    new ExportedEvents(evaluator).append(OrgPermission.all(), events);
    LatencyDrift drift = new LatencyDrift(evaluator, Evaluator.SETTINGS);
    PopulationStabilityIndex index = PopulationStabilityIndex.standard();
    for (LocalDate day : List.of(LAST, LAST.minusDays(1), LAST.minusDays(5))) {
      for (DriftReference reference : List.of(DriftReference.WEEK, DriftReference.WEEKDAYS)) {
        assertStored(day, reference, drift.of(OrgFilter.all(), day, reference, index));
      }
      Map<String, PsiResult<IntervalBin>> results =
          drift.of(OrgFilter.all(), day, FIRST, BASELINE_TO, index);
      results.keySet().retainAll(List.of("a"));
      assertStored(day, DriftReference.baseline("first-week"), results);
    }
  }

  private void assertStored(
      LocalDate day, DriftReference reference, Map<String, PsiResult<IntervalBin>> results) {
    List<DriftRecord> stored =
        figures.drift(filter(null, null, day, day), 1_000).stream()
            .filter(one -> one.psi() != null && one.reference().equals(reference))
            .toList();
    assertThat(stored).as("telemetry.test.seed=%d", seed).isNotEmpty();
    assertThat(results).as("telemetry.test.seed=%d", seed).hasSameSizeAs(stored);
    for (DriftRecord one : stored) {
      PsiResult<IntervalBin> result = requireNonNull(results.get(one.modelId()), one.modelId());
      assertThat(result.index())
          .isCloseTo(requireNonNull(one.psi()), Percentage.withPercentage(1e-9));
      assertThat(result.criticalValue()).isEqualTo(one.criticalValue());
      assertThat(result.referenceCount()).isEqualTo(one.referenceCount());
    }
  }

  private static DayFilter filter(
      @Nullable String org, @Nullable String model, LocalDate from, LocalDate to) {
    return new DayFilter(new OrgFilter(org), model, from, to);
  }
}
