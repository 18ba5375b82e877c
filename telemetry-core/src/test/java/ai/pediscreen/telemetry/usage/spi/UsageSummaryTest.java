package ai.pediscreen.telemetry.usage.spi;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.RandomEvents;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageSummaryTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30.123456Z");
  private static final UsageFilter WEEK =
      new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.WEEK, NOW));

  @ParameterizedTest
  @DisplayName("contract: \"`error_rate_above_1pct` … (each when over, not at, its bound)\"")
  @CsvSource({"0, 0, false", "100, 1, false", "99, 1, true", "1000, 10, false", "1000, 11, true"})
  void errorRateAlert_isRaised_whenOverOnePercent(int calls, int errors, boolean alert) {
    Overview overview = overview(calls(calls, i -> event("e" + i).status(i < errors ? 500 : 200)));

    assertThat(overview.errorRateAlert()).isEqualTo(alert);
    assertThat(overview.fallbackRateAlert()).isFalse();
    assertThat(overview.successes()).isEqualTo(calls - errors);
  }

  @ParameterizedTest
  @DisplayName("contract: \"`fallback_rate_above_5pct` (each when over, not at, its bound)\"")
  @CsvSource({"0, 0, false", "100, 5, false", "99, 5, true", "20, 1, false", "1000, 51, true"})
  void fallbackRateAlert_isRaised_whenOverFivePercent(int calls, int fallbacks, boolean alert) {
    Overview overview =
        overview(calls(calls, i -> event("e" + i).fallbackTo(i < fallbacks ? "rules" : null)));

    assertThat(overview.fallbackRateAlert()).isEqualTo(alert);
    assertThat(overview.errorRateAlert()).isFalse();
  }

  @ParameterizedTest
  @DisplayName("contract: \"`p95_latency_above_2s` … (each when over, not at, its bound)\"")
  @CsvSource({"0, false", "2000, false", "2001, true", "2030, true", "86400000, true"})
  void p95LatencyAlert_isRaised_whenOverTwoSeconds(long latency, boolean alert) {
    List<TelemetryEvent> events = calls(100, i -> event("e" + i).latency(i < 94 ? 1 : latency));

    assertThat(overview(events).p95LatencyAlert()).isEqualTo(alert);
  }

  @ParameterizedTest
  @DisplayName("contract: \"`p95_latency_above_2s`\", whatever a histogram can tell apart")
  @CsvSource({"1999, false", "2000, false", "2001, true"})
  void p95LatencyAlert_isRaised_whenTheFigureIsOverTwoSeconds(long p95, boolean alert) {
    Overview none = overview(List.of());
    Overview overview =
        new Overview(
            false,
            null,
            1,
            0,
            0,
            p95,
            p95,
            p95,
            p95,
            none.latencyCounts(),
            none.costUsd(),
            none.tokens(),
            none.unpriced(),
            0,
            null,
            none.days());

    assertThat(overview.p95LatencyAlert()).isEqualTo(alert);
  }

  @ParameterizedTest
  @DisplayName("contract: \"`active_connection` (an event's timestamp within the last 5 minutes)\"")
  @CsvSource({
    "2026-03-10T11:55:30.123455Z, false", "2026-03-10T11:55:30.123456Z, true",
    "2026-03-10T12:00:30.123456Z, true", "2026-03-10T12:00:30.123457Z, false",
  })
  void active_followsTheNewestEventOfATally(Instant newest, boolean active) {
    assertThat(overview(List.of(event("1").at(newest).build())).active()).isEqualTo(active);
  }

  @Test
  @DisplayName("contract: \"`top_model` … (of events with a model; ties by `model_id`) or null\"")
  void topModel_isTheFirstByCodePoint_whenCallsTie() {
    assertThat(overview(List.of(event("1").build())).topModel()).isNull();
    assertThat(
            overview(
                    List.of(
                        event("1").model("🙂").build(),
                        event("2").model("\uff5e").build(),
                        event("3").build(),
                        event("4").build()))
                .topModel())
        .isEqualTo(new Overview.TopModel("\uff5e", 1));
    assertThat(
            overview(
                    List.of(
                        event("1").model("b").build(),
                        event("2").model("a").build(),
                        event("3").model("b").build()))
                .topModel())
        .isEqualTo(new Overview.TopModel("b", 2));
  }

  @ParameterizedTest
  @DisplayName("contract: \"`avg_latency_ms` (integer, 0 when none)\"")
  @CsvSource({"1, 2, 2", "1, 1, 1", "0, 1, 1", "0, 0, 0", "86400000, 86399999, 86400000"})
  void averageLatency_isRoundedHalfUp_whenItIsNoInteger(long a, long b, long expected) {
    List<TelemetryEvent> events =
        List.of(
            event("1").model("m").latency(a).build(),
            event("2").model("m").latency(b).build(),
            event("3").model("m").build());

    assertThat(overview(events).averageLatencyMillis()).isEqualTo(expected);
    assertThat(models(events).get(0).averageLatencyMillis()).isEqualTo(expected);
    assertThat(overview(events.subList(2, 3)).averageLatencyMillis()).isZero();
  }

  @ParameterizedTest
  @DisplayName("contract: \"`error_rate` and `fallback_rate` (percent, 2 decimals)\"")
  @CsvSource({"3, 1, 33.33", "3, 2, 66.67", "8, 1, 12.50", "800, 1, 0.13", "7, 7, 100.00"})
  void percent_hasTwoDecimals_whenRounded(int calls, int bad, BigDecimal expected) {
    ModelUsage model =
        models(
                calls(
                    calls,
                    i ->
                        i < bad
                            ? event("e" + i).model("m").status(null).fallbackTo("f")
                            : event("e" + i).model("m")))
            .get(0);

    assertThat(model.errorPercent()).isEqualTo(expected);
    assertThat(model.fallbackPercent()).isEqualTo(expected);
    assertThat(model.fallbacks()).isEqualTo(bad);
  }

  @Test
  @DisplayName("contract: \"`total_cost_usd` (the exact decimal sum, then rounded to 6 places)\"")
  void cost_isRoundedAfterTheSum_whenPartsAreSmall() {
    List<TelemetryEvent> events = calls(10, i -> event("e" + i).model("m").cost("0.00000005"));

    assertThat(overview(events).costUsd()).isEqualTo(new BigDecimal("0.000001"));
    assertThat(overview(events.subList(0, 9)).costUsd()).isEqualTo(new BigDecimal("0.000000"));
    assertThat(models(events).get(0).costUsd()).isEqualTo(new BigDecimal("0.000001"));
  }

  @Test
  @DisplayName(
      "contract: \"one `{date,calls,errors,fallbacks,cost}` for each UTC day the window touches,"
          + " oldest first, days without events included\"")
  void days_areAllThatTheWindowTouches_whenOnlySomeHaveEvents() {
    List<Overview.DayUsage> days =
        overview(
                List.of(
                    event("1").at("2026-03-04T23:59:59.999999Z").status(500).cost("1").build(),
                    event("2").at("2026-03-05T00:00:00Z").fallbackTo("x").cost("2").build()))
            .days();

    assertThat(days)
        .extracting(Overview.DayUsage::date)
        .containsExactlyElementsOf(
            LocalDate.parse("2026-03-03").datesUntil(LocalDate.parse("2026-03-11")).toList());
    assertThat(days.get(1))
        .isEqualTo(
            new Overview.DayUsage(
                LocalDate.parse("2026-03-04"), 1, 1, 0, new BigDecimal("1.000000"), Tokens.NONE));
    assertThat(days.get(2))
        .isEqualTo(
            new Overview.DayUsage(
                LocalDate.parse("2026-03-05"), 1, 0, 1, new BigDecimal("2.000000"), Tokens.NONE));
    assertThat(days.get(7).calls()).isZero();
  }

  @Test
  @DisplayName(
      "contract: \"calls descending then `model_id`: `model_id` (null for events without one)\"")
  void models_areOrderedByCodePointWithNullFirst_whenCallsTie() {
    assertThat(
            models(
                List.of(
                    event("1").model("🙂").build(),
                    event("2").model("\uff5e").build(),
                    event("3").build(),
                    event("4").model("a").build(),
                    event("5").model("Z").build())))
        .extracting(ModelUsage::modelId)
        .containsExactly(null, "Z", "a", "\uff5e", "🙂");
  }

  @Test
  void report_ordersReasonsByCountThenCodePoint_andTotalsThem() {
    UsageSummary summary =
        summary(
            List.of(
                event("1").fallbackTo("🙂").build(),
                event("2").fallbackTo("\uff5e").build(),
                event("3").fallbackTo("b").build(),
                event("4").fallbackTo("b").build()));

    CallReport report = summary.report(UsageLabel.Kind.FALLBACK, List.of());

    assertThat(report.reasons().entrySet())
        .containsExactly(entry("b", 2L), entry("\uff5e", 1L), entry("🙂", 1L));
    assertThat(report.total()).isEqualTo(4);
    assertThat(summary.report(UsageLabel.Kind.ERROR, List.of()).total()).isZero();
    assertThatThrownBy(() -> report.reasons().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void figures_areTheSame_whateverTheOrderOfTheParts() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (TelemetryEvent event : new RandomEvents(42, NOW).events(500)) {
      if (WEEK.includes(event)) {
        events.add(event);
      }
    }
    Overview overview = overview(events);
    List<ModelUsage> models = models(events);
    CallReport errors = summary(events).report(UsageLabel.Kind.ERROR, List.of());
    assertThat(overview.requests()).isPositive();
    for (int run = 0; run < 10; run++) {
      Collections.shuffle(events, new Random(run));

      assertThat(overview(events)).isEqualTo(overview);
      assertThat(models(events)).isEqualTo(models);
      assertThat(summary(events).report(UsageLabel.Kind.ERROR, List.of()).reasons().entrySet())
          .containsExactlyElementsOf(errors.reasons().entrySet());
    }
  }

  @Test
  void latencies_canBeAddedSeparatelyFromTheirEvents() {
    UsageSummary apart = new UsageSummary(WEEK);
    UsageTally tally =
        new UsageTally(
            new UsageTally.Counts(2, 0, 0, 0),
            300,
            BigDecimal.ZERO,
            Tokens.NONE,
            NOW,
            new LatencyHistogram());
    LatencyHistogram latencies = new LatencyHistogram();
    latencies.record(100);
    latencies.record(200);
    apart.add("m", latencies);
    apart.add(WEEK.window().lastDay(), "m", tally);

    List<TelemetryEvent> events =
        List.of(
            event("1").at(NOW).model("m").latency(100L).build(),
            event("2").at(NOW).model("m").latency(200L).build());
    assertThat(apart.overview()).isEqualTo(overview(events));
    assertThat(apart.models(1)).isEqualTo(models(events));
  }

  @Test
  void mergedTallies_equalTheTallyOfAll() {
    UsageTally merged = new UsageTally();
    UsageTally whole = new UsageTally();
    for (TelemetryEvent event : new RandomEvents(43, NOW).events(300)) {
      UsageTally part = new UsageTally();
      part.add(event);
      merged.merge(part);
      whole.add(event);
    }

    assertThat(merged).usingRecursiveComparison().isEqualTo(whole);
    assertThat(merged.calls()).isEqualTo(300);
    merged.merge(new UsageTally());
    assertThat(merged).usingRecursiveComparison().isEqualTo(whole);
  }

  @Test
  void filter_refusesABlankModel() {
    assertThatThrownBy(() -> new UsageFilter(OrgFilter.all(), " ", WEEK.window()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("modelId must not be blank");
    assertThatThrownBy(() -> OrgFilter.of(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("orgId must not be blank");
  }

  private static List<TelemetryEvent> calls(int count, IntFunction<EventBuilder> call) {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(call.apply(i).build());
    }
    return events;
  }

  private static Overview overview(List<TelemetryEvent> events) {
    return summary(events).overview();
  }

  private static List<ModelUsage> models(List<TelemetryEvent> events) {
    return summary(events).models(100);
  }

  /** Each event a part of its own. */
  private static UsageSummary summary(List<TelemetryEvent> events) {
    UsageSummary summary = new UsageSummary(WEEK);
    for (TelemetryEvent event : events) {
      UsageTally tally = new UsageTally();
      tally.add(event);
      summary.add(event.day(), event.modelId(), tally);
      for (UsageLabel label : UsageLabel.of(event)) {
        summary.add(event.modelId(), label, 1, event.timestamp());
      }
    }
    return summary;
  }
}
