package ai.pediscreen.telemetry.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.UsageOracle.CallFigures;
import ai.pediscreen.telemetry.usage.UsageOracle.ModelFigures;
import ai.pediscreen.telemetry.usage.UsageOracle.OverviewFigures;
import ai.pediscreen.telemetry.usage.UsageOracle.PointFigures;
import ai.pediscreen.telemetry.usage.UsageOracle.Question;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/** Asserts that a port's answers are the oracle's: percentiles within 1 %, all else equal. */
public final class OracleComparison {

  private final UsageQueries queries;
  private final UsageOracle oracle;
  private final String about;
  private final UnaryOperator<Call> error;
  private final UnaryOperator<Call> fallback;

  /**
   * @param about what a failure's message begins with
   */
  OracleComparison(UsageQueries queries, UsageOracle oracle, String about) {
    this(queries, oracle, about, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /**
   * Compares answers that do not tell everything of a call.
   *
   * @param error what the answers tell of an error
   * @param fallback what the answers tell of a fallback
   */
  public OracleComparison(
      UsageQueries queries,
      UsageOracle oracle,
      String about,
      UnaryOperator<Call> error,
      UnaryOperator<Call> fallback) {
    this.queries = queries;
    this.oracle = oracle;
    this.about = about;
    this.error = error;
    this.fallback = fallback;
  }

  /** Compares all ranges that end at an instant, for all organisations and models together. */
  public void assertSameForAllRanges(Instant until) {
    for (UsageRange range : UsageRange.values()) {
      assertSame(new UsageFilter(OrgFilter.all(), null, TimeWindow.last(range, until)), 7);
    }
  }

  /**
   * Compares all answers about a window.
   *
   * @param limit of models and calls
   */
  public void assertSame(UsageFilter filter, int limit) {
    String label = about + ", " + filter + ", limit " + limit;
    TimeWindow window = filter.window();
    Question question =
        new Question(filter.org().orgId(), filter.modelId(), window.since(), window.until());
    assertOverview(label, queries.overview(filter), oracle.overview(question));
    assertModels(label, queries.models(filter, limit), oracle.models(question), limit);
    assertCalls(
        label + ", errors", queries.errors(filter, limit), oracle.errors(question), limit, error);
    assertCalls(
        label + ", fallbacks",
        queries.fallbacks(filter, limit),
        oracle.fallbacks(question),
        limit,
        fallback);
    assertSeries(label, queries.series(filter), oracle.series(question, step(window)));
  }

  private static ChronoUnit step(TimeWindow window) {
    if (window.minutes() <= 60) {
      return ChronoUnit.MINUTES;
    }
    return window.minutes() <= 7 * 24 * 60 ? ChronoUnit.HOURS : ChronoUnit.DAYS;
  }

  private static void assertSeries(
      String label, List<UsagePoint> actual, List<PointFigures> expected) {
    assertThat(actual).as(label + ", series").hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      UsagePoint point = actual.get(i);
      PointFigures exact = expected.get(i);
      String at = label + ", series at " + exact.time();
      assertWithinOnePercent(at + ", p50", point.p50LatencyMillis(), exact.p50LatencyMillis());
      assertWithinOnePercent(at + ", p95", point.p95LatencyMillis(), exact.p95LatencyMillis());
      assertWithinOnePercent(at + ", p99", point.p99LatencyMillis(), exact.p99LatencyMillis());
      assertThat(
              new PointFigures(
                  point.time(),
                  point.calls(),
                  point.errors(),
                  point.fallbacks(),
                  point.costUsd(),
                  point.tokens(),
                  exact.p50LatencyMillis(),
                  exact.p95LatencyMillis(),
                  exact.p99LatencyMillis()))
          .as(at)
          .isEqualTo(exact);
    }
  }

  private static void assertOverview(String label, Overview actual, OverviewFigures expected) {
    assertWithinOnePercent(label + ", p50", actual.p50LatencyMillis(), expected.p50LatencyMillis());
    assertWithinOnePercent(label + ", p95", actual.p95LatencyMillis(), expected.p95LatencyMillis());
    assertWithinOnePercent(label + ", p99", actual.p99LatencyMillis(), expected.p99LatencyMillis());
    Overview.TopModel top = actual.topModel();
    OverviewFigures figures =
        new OverviewFigures(
            actual.active(),
            actual.newest(),
            actual.requests(),
            actual.successes(),
            actual.errors(),
            actual.fallbacks(),
            actual.averageLatencyMillis(),
            expected.p50LatencyMillis(),
            expected.p95LatencyMillis(),
            expected.p99LatencyMillis(),
            actual.latencyCounts(),
            actual.costUsd(),
            actual.tokens(),
            actual.unpriced(),
            actual.models(),
            top == null ? null : top.modelId(),
            top == null ? 0 : top.calls(),
            actual.days().stream()
                .map(
                    day ->
                        new UsageOracle.DayFigures(
                            day.date(),
                            day.calls(),
                            day.errors(),
                            day.fallbacks(),
                            day.costUsd(),
                            day.tokens()))
                .toList(),
            actual.errorRateAlert(),
            actual.fallbackRateAlert());
    assertThat(figures).as(label + ", overview").isEqualTo(expected);
  }

  private static void assertModels(
      String label, List<ModelUsage> actual, List<ModelFigures> all, int limit) {
    List<ModelFigures> expected = all.subList(0, Math.min(limit, all.size()));
    assertThat(actual).as(label + ", models").hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      ModelUsage model = actual.get(i);
      long exact = expected.get(i).p95LatencyMillis();
      assertWithinOnePercent(label + ", model " + i + ", p95", model.p95LatencyMillis(), exact);
      ModelFigures figures =
          new ModelFigures(
              model.modelId(),
              model.provider(),
              model.calls(),
              model.averageLatencyMillis(),
              exact,
              model.errorPercent(),
              model.fallbackPercent(),
              model.fallbacks(),
              model.costUsd(),
              model.tokens(),
              model.unpriced(),
              model.adapters(),
              model.newest());
      assertThat(figures).as(label + ", model " + i).isEqualTo(expected.get(i));
    }
  }

  private static void assertCalls(
      String label, CallReport actual, CallFigures expected, int limit, UnaryOperator<Call> told) {
    assertThat(actual.total()).as(label + ", total").isEqualTo(expected.total());
    assertThat(List.copyOf(actual.reasons().entrySet()))
        .as(label + ", reasons in their order")
        .isEqualTo(List.copyOf(expected.summary().entrySet()));
    assertThat(actual.newest())
        .as(label + ", newest")
        .isEqualTo(
            expected.newestFirst().stream()
                .limit(limit)
                .map(
                    event ->
                        new Call(
                            event.eventId(),
                            event.timestamp(),
                            event.orgId(),
                            event.modelId(),
                            event.response().errorCode(),
                            event.response().statusCode(),
                            event.response().fallbackTo(),
                            event.response().latencyMillis(),
                            event.caseId(),
                            event.traceId()))
                .map(told)
                .toList());
  }

  private static void assertWithinOnePercent(String label, long actual, long exact) {
    assertThat(Math.abs(actual - exact) * 100)
        .as("%s: %d for the exact rank value %d", label, actual, exact)
        .isLessThanOrEqualTo(exact);
  }
}
