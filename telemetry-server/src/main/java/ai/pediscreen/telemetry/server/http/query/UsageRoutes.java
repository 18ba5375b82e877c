package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftIncident;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** {@code GET /telemetry}, {@code GET /metrics_dashboard} and {@code GET /organisations}. */
public final class UsageRoutes {

  private static final int DEFAULT_MODELS = 20;
  private static final int DEFAULT_CALLS = 100;

  /** More than a day's models have features; the most certain, should it have more. */
  private static final int MAX_DRIFT_OF_A_DAY = 1_000;

  private final UsageQueries queries;
  private final UsageQueries store;
  private final DailyFigures days;
  private final DriftIncidents incidents;
  private final ModelHistory history;
  private final InstantSource clock;
  private final QueryLimit questions;

  public UsageRoutes(
      UsageQueries queries,
      UsageQueries store,
      DailyFigures days,
      DriftIncidents incidents,
      ModelHistory history,
      InstantSource clock,
      QueryLimit questions) {
    this.queries = queries;
    this.store = store;
    this.days = days;
    this.incidents = incidents;
    this.history = history;
    this.clock = clock;
    this.questions = questions;
  }

  public void telemetry(Context ctx) {
    telemetry(ctx, UnaryOperator.identity());
  }

  /** The same for PediScreen's page. */
  public void pediScreenTelemetry(Context ctx) {
    telemetry(ctx, PediScreenAnswers::filledIn);
  }

  private void telemetry(Context ctx, UnaryOperator<ObjectNode> form) {
    Instant now = clock.instant();
    UsageQuery question =
        UsageQuery.ofTelemetry(new QueryParameters(ctx.queryString()), Caller.of(ctx), now);
    answer(ctx, question, now, () -> form.apply(figures(question, now)));
  }

  public void dashboard(Context ctx) {
    dashboard(ctx, UnaryOperator.identity());
  }

  /** The same for PediScreen's page. */
  public void pediScreenDashboard(Context ctx) {
    dashboard(ctx, PediScreenAnswers::filledIn);
  }

  private void dashboard(Context ctx, UnaryOperator<ObjectNode> form) {
    Instant now = clock.instant();
    UsageQuery question =
        UsageQuery.ofDashboard(new QueryParameters(ctx.queryString()), Caller.of(ctx), now);
    answer(
        ctx,
        question,
        now,
        () ->
            form.apply(
                DashboardAnswer.of(
                    queries.overview(question.filter()),
                    queries.models(question.filter(), UsageQuery.MAX_LIMIT))));
  }

  /** What there is to choose from, for a page that filters. */
  public void organisations(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    OrgFilter org = UsageQuery.org(parameters, Caller.of(ctx));
    String after = parameters.text("after");
    int limit = parameters.number("limit", 1, UsageQuery.MAX_LIMIT, UsageQuery.MAX_LIMIT);
    // One more tells whether there are more.
    ObjectNode json =
        UsageAnswers.organisations(
            questions.ask(() -> store.organisations(org, after, limit + 1)), limit);
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }

  private ObjectNode figures(UsageQuery question, Instant now) {
    return switch (question.action()) {
      case OVERVIEW -> overview(question, now);
      case MODELS -> models(question, now);
      case ERRORS ->
          UsageAnswers.errors(queries.errors(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case FALLBACKS ->
          UsageAnswers.fallbacks(
              queries.fallbacks(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case DRIFT -> drift(question);
      case SERIES -> series(question);
      case HISTORY -> history(question);
    };
  }

  private ObjectNode models(UsageQuery question, Instant now) {
    UsageFilter filter = question.filter();
    ObjectNode json = UsageAnswers.models(queries.models(filter, question.limitOr(DEFAULT_MODELS)));
    if (question.compared()) {
      ComparedAnswers.addTo(json, queries.models(before(filter, now), UsageQuery.MAX_LIMIT));
    }
    return json;
  }

  private ObjectNode series(UsageQuery question) {
    UsageFilter filter = question.filter();
    return question.by() == null
        ? UsageAnswers.series(UsageStep.of(filter.window()), queries.series(filter))
        // A dozen questions, which a warehouse would bill one by one.
        : new SeriesBy(store, history).series(filter, question.by());
  }

  private ObjectNode history(UsageQuery question) {
    return UsageAnswers.history(
        history.firstSeen(
            question.filter().org(),
            Objects.requireNonNull(question.filter().modelId(), "checked when it was read"),
            question.limitOr(DEFAULT_CALLS)));
  }

  private static UsageFilter before(UsageFilter filter, Instant now) {
    return new UsageFilter(filter.org(), filter.modelId(), filter.window().before(now));
  }

  private ObjectNode overview(UsageQuery question, Instant now) {
    UsageFilter filter = question.filter();
    ObjectNode json = UsageAnswers.overview(queries.overview(filter));
    DriftAnswers.addTo(
        json,
        newestDrift(filter),
        incidents(filter, days.alerts(ever(filter))).stream()
            .filter(DriftIncident::isOpen)
            .count());
    if (question.compared()) {
      ComparedAnswers.addTo(json, queries.overview(before(filter, now)));
    }
    return json;
  }

  /** Of the newest day that has any. */
  private List<DriftRecord> newestDrift(UsageFilter filter) {
    return days.drift(ever(filter), 1).stream()
        .findFirst()
        .map(DriftRecord::date)
        .map(day -> new DayFilter(filter.org(), filter.modelId(), day, day))
        .map(day -> days.drift(day, MAX_DRIFT_OF_A_DAY))
        .orElse(List.of());
  }

  private ObjectNode drift(UsageQuery question) {
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
        .map(newest -> incidents.of(alerts, newest.date()))
        .orElse(List.of());
  }

  private void answer(Context ctx, UsageQuery question, Instant now, Supplier<ObjectNode> figures) {
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
    json.put("until", AnswerJson.timestamp(window.until()));
    json.put("window_minutes", window.minutes());
    json.put("trace_id", TraceId.of(ctx));
    json.put("last_updated", AnswerJson.timestamp(now));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}
