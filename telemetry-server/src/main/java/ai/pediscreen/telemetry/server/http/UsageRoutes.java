package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
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
import java.util.function.Supplier;

/** {@code GET /telemetry}, {@code GET /metrics_dashboard} and {@code GET /organisations}. */
final class UsageRoutes {

  private static final int DEFAULT_MODELS = 20;
  private static final int DEFAULT_CALLS = 100;

  /** More than a day's models have features; the largest indices, should it have more. */
  private static final int MAX_DRIFT_OF_A_DAY = 1_000;

  /** What {@code drift_detected} is taken from: 90 days of 1 000 features of models. */
  private static final int MAX_DRIFT_OF_A_WINDOW = 91_000;

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
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    OrgScope org = UsageQuestion.org(parameters, Caller.of(ctx));
    String after = parameters.text("after");
    int limit = parameters.number("limit", 1, UsageQuestion.MAX_LIMIT, UsageQuestion.MAX_LIMIT);
    // One more tells whether there are more.
    ObjectNode json =
        UsageAnswers.organisations(
            questions.ask(() -> store.organisations(org, after, limit + 1)), limit);
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
    LocalDate today = filter.window().lastDay();
    DayFilter ever = new DayFilter(filter.org(), filter.modelId(), LocalDate.EPOCH, today);
    DayAnswers.addDrift(json, days.drift(ever, MAX_DRIFT_OF_A_DAY));
    return json;
  }

  private ObjectNode drift(UsageQuestion question) {
    UsageFilter filter = question.filter();
    DayFilter window =
        new DayFilter(
            filter.org(), filter.modelId(), filter.window().firstDay(), filter.window().lastDay());
    return DayAnswers.drift(
        days.drift(window, MAX_DRIFT_OF_A_WINDOW), question.limitOr(DEFAULT_CALLS));
  }

  private void answer(
      Context ctx, UsageQuestion question, Instant now, Supplier<ObjectNode> figures) {
    ObjectNode json =
        questions.ask(
            () -> {
              ObjectNode answer = figures.get();
              if (queries.bounded(question.filter())) {
                answer.put("bounded", true);
              }
              return answer;
            });
    TimeWindow window = question.filter().window();
    json.put("since", AnswerJson.timestamp(window.since()));
    json.put("window_minutes", window.minutes());
    json.put("trace_id", TraceId.of(ctx));
    json.put("last_updated", AnswerJson.timestamp(now));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}
