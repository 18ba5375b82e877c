package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DailyOracle;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
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
  private static final LocalDate FIRST = LocalDate.parse("2026-02-25");
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
    for (int i = 0; i < 2_500; i++) {
      int daysAgo = 1 + random.nextInt(13);
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
    computed.append(OrgScope.all(), events);
    new DailyAggregation(computed).computeDue();
    List<AggregateTable.Row> rows = new ArrayList<>();
    for (String org : ORGS) {
      for (DailyAggregate aggregate : computed.aggregates(filter(org, null, FIRST, LAST))) {
        rows.add(new AggregateTable.Row(aggregate, 1));
      }
    }
    evaluator.addAggregates(rows);
  }

  @AfterEach
  void close() {
    evaluator.close();
  }

  @Test
  void figures_areThoseThatWereComputed_whateverIsAsked() {
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
  void figures_areWhatTheOracleFinds() {
    assertThat(figures.drift(filter(null, null, FIRST, LAST), 1_000)).isNotEmpty();

    new DailyOracle(events).assertSame(figures, FIRST, LAST);
  }

  @Test
  void drift_thatBigQueryComputes_isTheOneThatWasStored() {
    new ExportedEvents(evaluator).append(OrgScope.all(), events);
    LatencyDrift drift = new LatencyDrift(evaluator, Evaluator.SETTINGS);
    for (LocalDate day : List.of(LAST, LAST.minusDays(1), LAST.minusDays(5))) {
      List<DriftRecord> stored =
          figures.drift(filter(null, null, day, day), 1_000).stream()
              .filter(one -> one.psi() != null)
              .toList();
      Map<String, PsiResult<IntervalBin>> results =
          drift.of(OrgScope.all(), day, PopulationStabilityIndex.standard());
      assertThat(results).as("telemetry.test.seed=%d", seed).hasSameSizeAs(stored);
      for (DriftRecord one : stored) {
        PsiResult<IntervalBin> result = requireNonNull(results.get(one.modelId()), one.modelId());
        assertThat(result.index())
            .isCloseTo(requireNonNull(one.psi()), Percentage.withPercentage(1e-9));
        assertThat(result.criticalValue()).isEqualTo(one.criticalValue());
      }
    }
  }

  private static DayFilter filter(
      @Nullable String org, @Nullable String model, LocalDate from, LocalDate to) {
    return new DayFilter(new OrgScope(org), model, from, to);
  }
}
