package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftIncident;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /telemetry}, {@code GET /metrics_dashboard} and {@code GET /organisations}. */
final class UsageRoutes {

  private static final int DEFAULT_MODELS = 20;
  private static final int DEFAULT_CALLS = 100;

  /** More than a day's models have features; the most certain, should it have more. */
  private static final int MAX_DRIFT_OF_A_DAY = 1_000;

  private final UsageQueries queries;
  private final UsageQueries store;
  private final DailyFigures days;
  private final InstantSource clock;
  private final QuestionLimit questions;

  UsageRoutes(
      UsageQueries queries,
      UsageQueries store,
      DailyFigures days,
      InstantSource clock,
      QuestionLimit questions) {
    this.queries = queries;
    this.store = store;
    this.days = days;
    this.clock = clock;
    this.questions = questions;
  }

  void telemetry(Context ctx) {
    Instant now = clock.instant();
    UsageQuestion question =
        UsageQuestion.ofTelemetry(new QueryParameters(ctx.queryString()), Caller.of(ctx), now);
    answer(ctx, question, now, () -> figures(question));
  }

  void dashboard(Context ctx) {
    Instant now = clock.instant();
    UsageQuestion question =
        UsageQuestion.ofDashboard(new QueryParameters(ctx.queryString()), Caller.of(ctx), now);
    answer(
        ctx,
        question,
        now,
        () ->
            DashboardAnswer.of(
                queries.overview(question.filter()),
                queries.models(question.filter(), UsageQuestion.MAX_LIMIT)));
  }

  /** What there is to choose from, for a page that filters. */
  void organisations(Context ctx) {
    OrgScope org = UsageQuestion.org(new QueryParameters(ctx.queryString()), Caller.of(ctx));
    ObjectNode json =
        UsageAnswers.organisations(
            questions.ask(() -> store.organisations(org, UsageQuestion.MAX_LIMIT)));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }

  private ObjectNode figures(UsageQuestion question) {
    return switch (question.action()) {
      case OVERVIEW -> overview(question);
      case MODELS ->
          UsageAnswers.models(queries.models(question.filter(), question.limitOr(DEFAULT_MODELS)));
      case ERRORS ->
          UsageAnswers.errors(queries.errors(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case FALLBACKS ->
          UsageAnswers.fallbacks(
              queries.fallbacks(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case DRIFT -> drift(question);
      case SERIES ->
          UsageAnswers.series(
              UsageStep.of(question.filter().window()), queries.series(question.filter()));
    };
  }

  private ObjectNode overview(UsageQuestion question) {
    UsageFilter filter = question.filter();
    ObjectNode json = UsageAnswers.overview(queries.overview(filter));
    DriftAnswers.addTo(
        json,
        days.drift(ever(filter), MAX_DRIFT_OF_A_DAY),
        incidents(filter, days.alerts(ever(filter))).stream()
            .filter(DriftIncident::isOpen)
            .count());
    return json;
  }

  private ObjectNode drift(UsageQuestion question) {
    UsageFilter filter = question.filter();
    LocalDate first = filter.window().firstDay();
    DayFilter window =
        new DayFilter(filter.org(), filter.modelId(), first, filter.window().lastDay());
    int limit = question.limitOr(DEFAULT_CALLS);
    List<DriftRecord> alerts = days.alerts(ever(filter));
    return DriftAnswers.drift(
        days.drift(window, Math.max(limit, MAX_DRIFT_OF_A_DAY)),
        limit,
        alerts.stream().filter(one -> !one.date().isBefore(first)).toList(),
        incidents(filter, alerts).stream()
            .filter(one -> one.isOpen() || !one.lastAlert().isBefore(first))
            .limit(limit)
            .toList());
  }

  private static DayFilter ever(UsageFilter filter) {
    return new DayFilter(
        filter.org(), filter.modelId(), LocalDate.EPOCH, filter.window().lastDay());
  }

  /**
   * Of all alerts there ever were; whether one is over is seen from the newest day of any model.
   */
  private List<DriftIncident> incidents(UsageFilter filter, List<DriftRecord> alerts) {
    DayFilter all = new DayFilter(filter.org(), null, LocalDate.EPOCH, filter.window().lastDay());
    return days.drift(all, 1).stream()
        .findFirst()
        .map(newest -> DriftIncidents.standard().of(alerts, newest.date()))
        .orElse(List.of());
  }

  private void answer(
      Context ctx, UsageQuestion question, Instant now, Supplier<ObjectNode> figures) {
    ObjectNode json = questions.ask(figures);
    TimeWindow window = question.filter().window();
    json.put("since", AnswerJson.timestamp(window.since()));
    json.put("window_minutes", window.minutes());
    json.put("trace_id", TraceId.of(ctx));
    json.put("last_updated", AnswerJson.timestamp(now));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}
