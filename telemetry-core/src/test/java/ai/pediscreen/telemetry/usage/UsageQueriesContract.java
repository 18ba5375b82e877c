package ai.pediscreen.telemetry.usage;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link UsageQueries} promises. An adapter's test extends this class and gives {@link
 * #store} and {@link #queries}: a pair that is empty when a test begins and whose clock, if it has
 * one, stands at {@link #NOW}.
 *
 * <p>The randomised test takes a new seed each time and names it when it fails; {@code
 * -Dtelemetry.test.seed=…} repeats one.
 */
public abstract class UsageQueriesContract extends UsageReportsContract {

  private static final Instant MICRO_AFTER = NOW.plusNanos(1_000);

  @Test
  void overview_isAllZero_whenThereAreNoEvents() {
    Overview overview = overview(UsageRange.HOUR);

    assertThat(overview)
        .isEqualTo(
            new Overview(
                false,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
                new BigDecimal("0.000000"),
                Tokens.NONE,
                0,
                0,
                null,
                List.of(day("2026-03-10", 0, 0, 0, "0.000000"))));
    assertThat(overview.successes()).isZero();
    assertThat(overview.errorRateAlert()).isFalse();
    assertThat(overview.fallbackRateAlert()).isFalse();
  }

  @Test
  void overview_hasEveryFigure_whenThereAreEvents() {
    append(
        event("1").at("2026-03-09T23:59:59.999999Z").model("a").latency(50L).cost("0.5"),
        event("2").at("2026-03-10T00:00:00Z").model("a").latency(51L).status(500),
        event("3").at("2026-03-10T11:00:00Z").model("b").latency(5_001L).fallbackTo("a"),
        event("4").at("2026-03-10T11:58:00Z").cost("0.0000005").status(null));

    assertThat(overview(UsageRange.DAY))
        .isEqualTo(
            new Overview(
                true,
                Instant.parse("2026-03-10T11:58:00Z"),
                4,
                2,
                1,
                1_701,
                51,
                overview(UsageRange.DAY).p95LatencyMillis(),
                overview(UsageRange.DAY).p99LatencyMillis(),
                List.of(1L, 1L, 0L, 0L, 0L, 0L, 0L, 1L),
                new BigDecimal("0.500001"),
                Tokens.NONE,
                0,
                2,
                new Overview.TopModel("a", 2),
                List.of(
                    day("2026-03-09", 1, 0, 0, "0.500000"),
                    day("2026-03-10", 3, 2, 1, "0.000001"))));
    assertThat(overview(UsageRange.DAY).p95LatencyMillis()).isBetween(4_951L, 5_051L);
    assertThat(overview(UsageRange.DAY).p99LatencyMillis()).isBetween(4_951L, 5_051L);
  }

  @Test
  void tokens_areSummed_everywhere() {
    append(
        event("cached")
            .at("2026-03-10T11:00:00Z")
            .model("a")
            .asks("input_tokens", 130_213)
            .asks("cache_read_input_tokens", 128_955)
            .asks("cache_creation_input_tokens", 1_253)
            .says("output_tokens", 300)
            .says("reasoning_output_tokens", 100)
            .cost("0.5"),
        event("other names")
            .at("2026-03-10T11:30:00Z")
            .model("a")
            .asks("prompt_tokens", 10L)
            .says("completion_tokens", new BigDecimal("2.0")),
        event("nonsense")
            .at("2026-03-10T11:40:00Z")
            .model("a")
            .asks("input_tokens", "1000")
            .says("output_tokens", -1),
        event("now").at(NOW).model("b").asks("input_tokens", 1),
        event("later").at(MICRO_AFTER).model("b").asks("input_tokens", 7_000));
    Tokens ofModel = new Tokens(130_223, 128_955, 1_253, 302, 100);
    Tokens all = ofModel.plus(new Tokens(1, 0, 0, 0, 0));

    Overview overview = overview(UsageRange.DAY);
    assertThat(overview.tokens()).isEqualTo(all);
    assertThat(overview.unpriced()).isEqualTo(2);
    assertThat(overview.days().get(1).tokens()).isEqualTo(all);
    assertThat(queries().models(all(UsageRange.DAY), 20))
        .extracting(ModelUsage::modelId, ModelUsage::tokens, ModelUsage::unpriced)
        .containsExactly(tuple("a", ofModel, 1L), tuple("b", new Tokens(1, 0, 0, 0, 0), 1L));
    assertThat(queries().series(all(UsageRange.DAY)).stream().map(UsagePoint::tokens))
        .contains(ofModel, new Tokens(1, 0, 0, 0, 0));
  }

  @Test
  void latencyCounts_includeTheirUpperEnds() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (long limit : new long[] {50, 100, 250, 500, 1_000, 2_000, 5_000}) {
      events.add(event("at " + limit).latency(limit).build());
      events.add(event("over " + limit).latency(limit + 1).build());
    }
    events.add(event("none").latency(0L).build());
    events.add(event("a day").latency(86_400_000L).build());
    append(events);

    assertThat(overview(UsageRange.WEEK).latencyCounts())
        .containsExactly(2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L);
  }

  @ParameterizedTest
  @EnumSource
  void window_includesBothEnds(UsageRange range) {
    Instant since = UsageOracle.since(range.label(), NOW);
    append(
        event("too old").at(since.minusNanos(1_000)).model("out").cost("8"),
        event("first").at(since).model("in").cost("1"),
        event("last").at(NOW).model("in").cost("2"),
        event("too new").at(MICRO_AFTER).model("out").cost("16"),
        event("same second").at("2026-03-10T12:00:30.999999Z").model("out").cost("32"),
        event("same minute").at("2026-03-10T12:00:59.999999Z").model("out").cost("64"));

    Overview overview = overview(range);

    assertThat(overview.requests()).isEqualTo(2);
    assertThat(overview.costUsd()).isEqualByComparingTo("3");
    assertThat(overview.newest()).isEqualTo(NOW);
    assertThat(overview.topModel()).isEqualTo(new Overview.TopModel("in", 2));
    assertThat(overview.models()).isEqualTo(1);
    assertThat(overview.days().get(0).calls()).isEqualTo(range == UsageRange.HOUR ? 2 : 1);
  }

  @ParameterizedTest
  @EnumSource
  void days_areAllThatTheWindowTouches_whenMostHaveNoEvents(UsageRange range) {
    LocalDate first = LocalDate.ofInstant(UsageOracle.since(range.label(), NOW), ZoneOffset.UTC);

    assertThat(overview(range).days())
        .extracting(Overview.DayUsage::date)
        .containsExactlyElementsOf(first.datesUntil(LocalDate.parse("2026-03-11")).toList());
  }

  @Test
  void events_countOnceEach_whenTheyLieOnMinutesHoursAndDays() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (ChronoUnit unit : List.of(ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS)) {
      for (int steps = 0; steps < 50; steps++) {
        Instant edge = NOW.truncatedTo(unit).minus(steps, unit);
        for (int nudge = -1; nudge <= 1; nudge++) {
          String id = unit + " " + steps + " " + nudge;
          events.add(event(id).at(edge.plus(nudge, ChronoUnit.MICROS)).model("m").build());
        }
      }
    }
    append(events);

    new OracleComparison(queries(), new UsageOracle(events), "edges").assertSameForAllRanges(NOW);
  }

  @ParameterizedTest
  @EnumSource
  void figures_ignoreEventsOfOtherCenturies(UsageRange range) {
    append(
        event("1").at("2000-01-01T00:00:00Z").model("old").latency(1L),
        event("2").at("2016-03-10T12:00:00Z").model("old").latency(1L),
        event("3").at("2026-03-11T12:00:00Z").model("new").status(500),
        event("4").at("2036-03-10T12:00:00Z").model("new").status(500),
        event("5").at("2199-12-31T23:59:59.999999Z").model("new").status(500),
        event("6").at("2026-03-10T12:00:00Z").model("now").latency(7L));

    assertThat(overview(range).requests()).isEqualTo(1);
    assertThat(overview(range).newest()).isEqualTo("2026-03-10T12:00:00Z");
    assertThat(overview(range).p99LatencyMillis()).isEqualTo(7);
    assertThat(queries().models(all(range), 20))
        .extracting(ModelUsage::modelId)
        .containsExactly("now");
    assertThat(queries().errors(all(range), 100).total()).isZero();
  }

  @Test
  void active_isTrue_whenAnEventIsExactlyFiveMinutesOld() {
    append(event("1").at("2026-03-10T11:55:30.123456Z"));

    assertThat(overview(UsageRange.HOUR).active()).isTrue();
    assertThat(overview(UsageRange.QUARTER).active()).isTrue();
  }

  @Test
  void active_isFalse_whenTheNewestEventIsOlderByAMicrosecondOrStillToCome() {
    append(event("1").at("2026-03-10T11:55:30.123455Z"), event("2").at(MICRO_AFTER));

    assertThat(overview(UsageRange.HOUR).active()).isFalse();
    assertThat(overview(UsageRange.QUARTER).active()).isFalse();
  }

  @Test
  void active_isTrue_whenEventsStillToComeShareTheMinuteWithARecentOne() {
    append(event("1").at("2026-03-10T12:00:10Z"), event("2").at("2026-03-10T12:00:50Z"));

    assertThat(overview(UsageRange.DAY).active()).isTrue();
    assertThat(overview(UsageRange.DAY).newest()).isEqualTo("2026-03-10T12:00:10Z");
  }

  @Test
  void scope_coversOneOrganisation_only() {
    append(
        event("1").org("org-a").model("m").cost("1"),
        event("2").org("org-b").model("m").cost("2"),
        event("3").model("m").cost("4"),
        event("4").org("ORG-A").model("m").cost("8"));

    assertThat(overview(UsageRange.WEEK).costUsd()).isEqualByComparingTo("15");
    assertThat(cost(UsageRange.WEEK, "org-a", null)).isEqualByComparingTo("1");
    assertThat(cost(UsageRange.WEEK, "org-b", null)).isEqualByComparingTo("2");
    assertThat(cost(UsageRange.WEEK, "ORG-A", null)).isEqualByComparingTo("8");
    assertThat(cost(UsageRange.WEEK, "org", null)).isEqualByComparingTo("0");
  }

  @Test
  void modelFilter_coversOneModel_only() {
    append(
        event("1").org("org-a").model("🙂").cost("1"),
        event("2").org("org-b").model("🙂").cost("2"),
        event("3").org("org-a").model("m").cost("4"),
        event("4").org("org-a").cost("8"));

    assertThat(cost(UsageRange.WEEK, null, "🙂")).isEqualByComparingTo("3");
    assertThat(cost(UsageRange.WEEK, "org-a", "🙂")).isEqualByComparingTo("1");
    assertThat(cost(UsageRange.WEEK, "org-b", "m")).isEqualByComparingTo("0");
    assertThat(queries().overview(filter(UsageRange.WEEK, null, "🙂")).models()).isEqualTo(1);
    assertThat(queries().models(filter(UsageRange.WEEK, "org-a", "m"), 20))
        .extracting(ModelUsage::modelId)
        .containsExactly("m");
  }

  @ParameterizedTest
  @CsvSource({
    "HOUR, 61, 2026-03-10T11:00:00Z, 2026-03-10T12:00:00Z",
    "DAY, 25, 2026-03-09T12:00:00Z, 2026-03-10T12:00:00Z",
    "WEEK, 169, 2026-03-03T12:00:00Z, 2026-03-10T12:00:00Z",
    "MONTH, 31, 2026-02-08T00:00:00Z, 2026-03-10T00:00:00Z",
    "QUARTER, 91, 2025-12-10T00:00:00Z, 2026-03-10T00:00:00Z"
  })
  void series_hasAPointForEachStepOfTheWindow_whenMostHaveNoEvents(
      UsageRange range, int points, Instant first, Instant last) {
    append(event("1").at("2026-03-10T12:00:00Z").latency(7L).cost("0.5").status(500));

    List<UsagePoint> series = queries().series(all(range));

    assertThat(series).hasSize(points);
    assertThat(series.get(0))
        .isEqualTo(
            new UsagePoint(first, 0, 0, 0, new BigDecimal("0.000000"), Tokens.NONE, 0, 0, 0));
    assertThat(series.get(points - 1))
        .isEqualTo(new UsagePoint(last, 1, 1, 0, new BigDecimal("0.500000"), Tokens.NONE, 7, 7, 7));
  }

  @Test
  void organisations_areThoseOfEvents_inTheOrderOfCodePoints() {
    assertThat(queries().organisations(OrgFilter.all(), null, 10)).isEmpty();
    append(
        event("1").org("🙂").at("2019-01-01T00:00:00Z"),
        event("2").org("\uff5e"),
        event("3").org("b"),
        event("4").org("b"),
        event("5").org("*"),
        event("6"));

    assertThat(queries().organisations(OrgFilter.all(), null, 10))
        .containsExactly("*", "b", "\uff5e", "🙂");
    assertThat(queries().organisations(OrgFilter.all(), null, 2)).containsExactly("*", "b");
    assertThat(queries().organisations(OrgFilter.all(), "*", 2)).containsExactly("b", "\uff5e");
    assertThat(queries().organisations(OrgFilter.all(), "c", 1)).containsExactly("\uff5e");
    assertThat(queries().organisations(OrgFilter.of("b"), null, 10)).containsExactly("b");
    assertThat(queries().organisations(OrgFilter.of("c"), null, 10)).isEmpty();
  }

  @Test
  void topModel_isTheFirstByCodePoint_whenCallsTie() {
    append(event("1").model("🙂"), event("2").model("\uff5e"), event("3"), event("4"), event("5"));

    assertThat(overview(UsageRange.WEEK).topModel()).isEqualTo(new Overview.TopModel("\uff5e", 1));
    assertThat(overview(UsageRange.WEEK).models()).isEqualTo(2);
  }

  @Test
  void cost_isTheDecimalSum_whenATenthIsAddedTenThousandTimes() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Instant at = Instant.parse("2026-03-10T11:00:00Z").minusSeconds(i * 97L);
      events.add(event("e-" + i).at(at).model("m").cost("0.1").build());
    }
    for (int from = 0; from < events.size(); from += 2_500) {
      append(events.subList(from, from + 2_500));
    }

    assertThat(overview(UsageRange.MONTH).costUsd()).isEqualTo(new BigDecimal("1000.000000"));
    assertThat(queries().models(all(UsageRange.MONTH), 1).get(0).costUsd())
        .isEqualTo(new BigDecimal("1000.000000"));
  }

  @Test
  void cost_isRoundedOnceAtTheEnd_whenItsPartsHaveThirtyPlaces() {
    append(
        event("1").at("2026-03-10T11:00:00Z").cost("0.000000250000000000000000000000"),
        event("2").at("2026-03-09T11:00:00Z").cost("0.000000249999999999999999999999"),
        event("3").at("2026-03-08T11:00:00Z").org("o").cost("0.000000499999999999999999999999"),
        event("4").at("2026-03-07T11:00:00Z").org("o").cost("0.000000000000000000000000000001"),
        event("5").at("2026-03-06T11:00:00Z").org("big").cost("1000000"),
        event("6").at("2026-03-05T11:00:00Z").org("big").cost("0.000000499999999999999999999999"));

    assertThat(cost(UsageRange.WEEK, "o", null)).isEqualTo(new BigDecimal("0.000001"));
    assertThat(cost(UsageRange.WEEK, "big", null)).isEqualTo(new BigDecimal("1000000.000000"));
    assertThat(overview(UsageRange.DAY).costUsd()).isEqualTo(new BigDecimal("0.000000"));
  }

  @Test
  void percentiles_areWithinOnePercent_whenLatenciesSpreadOverManyDays() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      Instant at = NOW.minusSeconds(i * 600L);
      events.add(event("e-" + i).at(at).model("m").latency(3L * i * i).build());
    }
    append(events);

    new OracleComparison(queries(), new UsageOracle(events), "squares").assertSameForAllRanges(NOW);
  }

  @Test
  void answers_equalTheOracle_forRandomEvents() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    RandomEvents random = new RandomEvents(seed, NOW);
    List<TelemetryEvent> appended = new ArrayList<>();
    for (List<TelemetryEvent> batch : random.batches(random.events(4_000 / shortenedBy()))) {
      store().append(OrgPermission.all(), batch);
      appended.addAll(batch);
    }
    OracleComparison comparison =
        new OracleComparison(queries(), new UsageOracle(appended), "telemetry.test.seed=" + seed);
    List<UsageRange> ranges = new ArrayList<>(List.of(UsageRange.values()));
    Collections.shuffle(ranges, new Random(seed));

    for (String org : Arrays.asList(null, "org-a", "org-twin", "Klinik Würzburg", "nobody")) {
      for (String model : Arrays.asList(null, "gpt-4o", "🙂-model", "nothing")) {
        // All ranges for all calls; of the others one each, another in every run.
        for (UsageRange range : org == null && model == null ? ranges : ranges.subList(0, 1)) {
          comparison.assertSame(filter(range, org, model), 100);
        }
        Collections.rotate(ranges, 1);
      }
    }
    // Later on the same day, on and beside the edges of minutes and hours.
    for (String until :
        List.of("2026-03-10T12:00:59.999999Z", "2026-03-10T13:00:00Z", "2026-03-10T23:59:59.9Z")) {
      comparison.assertSameForAllRanges(Instant.parse(until));
    }
    for (long minutes : new long[] {1, 59, 1_440, 1_441, 10_000}) {
      TimeWindow window = TimeWindow.lastMinutes(minutes, NOW);
      comparison.assertSame(new UsageFilter(OrgFilter.of("org-b"), null, window), 3);
    }
  }

  @Test
  void answers_equalTheOracle_whenEventsOfTheLastMinuteAreLater() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    // The last one of an hour and of a day, too, whose wider rows count later events as well.
    List<Instant> minutes =
        List.of(
            NOW.truncatedTo(ChronoUnit.MINUTES),
            Instant.parse("2026-03-10T12:59:00Z"),
            Instant.parse("2026-03-10T23:59:00Z"));
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 480; i++) {
      // Some models and labels are of one or two events alone, and many events are of one instant.
      Instant minute = minutes.get(random.nextInt(minutes.size()));
      Instant at = minute.plusSeconds(random.nextInt(6) * 10L).plusMillis(random.nextInt(3));
      events.add(
          event("e-" + i)
              .at(i % 3 == 0 ? at.minus(1 + random.nextInt(150), ChronoUnit.MINUTES) : at)
              .org(anyOrNone(random, "org-a", "org-b"))
              .model(anyOrNone(random, "a", "b", "c", "once-" + i, "twice-" + i / 2))
              .provider(anyOrNone(random, "vertex", "on-prem", "once-" + i))
              .adapter(anyOrNone(random, "lora", "once-" + i))
              .status(random.nextBoolean() ? 200 : 503)
              .errorCode(anyOrNone(random, "TIMEOUT", "once-" + i))
              .fallbackTo(anyOrNone(random, "rules", "once-" + i))
              .latency((long) random.nextInt(3_000))
              .cost("0.125")
              .build());
    }
    Collections.shuffle(events, random);
    store().append(OrgPermission.all(), events);
    OracleComparison comparison =
        new OracleComparison(
            queries(), new UsageOracle(events), "later, telemetry.test.seed=" + seed);

    List<Long> instants = new ArrayList<>(List.of(0L, 1L, 10_001L, 20_500L, 50_002L, 59_999L));
    for (Instant minute : minutes) {
      Collections.shuffle(instants, random);
      for (long millis : instants.subList(0, Math.max(2, instants.size() / shortenedBy()))) {
        Instant until = minute.plusMillis(millis);
        comparison.assertSameForAllRanges(until);
        TimeWindow window = TimeWindow.last(UsageRange.HOUR, until);
        comparison.assertSame(new UsageFilter(OrgFilter.of("org-a"), null, window), 500);
        comparison.assertSame(new UsageFilter(OrgFilter.all(), "b", window), 500);
      }
    }
  }

  private static @Nullable String anyOrNone(Random random, String... values) {
    int chosen = random.nextInt(values.length + 1);
    return chosen == values.length ? null : values[chosen];
  }

  @Test
  void answers_areOfOneSnapshot_whenEventsArriveMeanwhile() throws Exception {
    int rounds = 100 / shortenedBy();
    CyclicBarrier round = new CyclicBarrier(2);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  round.await();
                  for (int j = 0; j < 5; j++) {
                    EventBuilder failed = event(i + "-" + j).status(500).latency(1L);
                    append(failed.model("m").fallbackTo("x").at(NOW.minusSeconds(20_000L * j)));
                  }
                }
                return null;
              });
      for (int i = 0; i < rounds; i++) {
        round.await();
        CallReport errors = queries().errors(all(UsageRange.WEEK), 1_000);
        assertThat(errors.newest()).hasSize((int) errors.total());
        assertThat(errors.reasons().values().stream().mapToLong(n -> n).sum())
            .isEqualTo(errors.total());
        CallReport fallbacks = queries().fallbacks(all(UsageRange.WEEK), 1_000);
        assertThat(fallbacks.newest()).hasSize((int) fallbacks.total());
        Overview overview = overview(UsageRange.WEEK);
        assertThat(overview.errors()).isEqualTo(overview.requests());
        assertThat(overview.fallbacks()).isEqualTo(overview.requests());
        assertThat(overview.latencyCounts().get(0)).isEqualTo(overview.requests());
        assertThat(overview.days().stream().mapToLong(Overview.DayUsage::calls).sum())
            .isEqualTo(overview.requests());
      }
      writing.get();
      assertThat(overview(UsageRange.WEEK).requests()).isEqualTo(5L * rounds);
    } finally {
      writer.shutdownNow();
    }
  }

  private BigDecimal cost(UsageRange range, @Nullable String orgId, @Nullable String modelId) {
    return queries().overview(filter(range, orgId, modelId)).costUsd();
  }

  private static Overview.DayUsage day(
      String date, long calls, long errors, long fallbacks, String cost) {
    return new Overview.DayUsage(
        LocalDate.parse(date), calls, errors, fallbacks, new BigDecimal(cost), Tokens.NONE);
  }
}
