package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageQueries;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * {@code GET /telemetry} and {@code GET /metrics_dashboard}. A question holds a thread until the
 * store answers, so only so many are asked at a time: a store that hangs leaves threads to others.
 */
final class UsageRoutes {

  private static final int DEFAULT_MODELS = 20;
  private static final int DEFAULT_CALLS = 100;

  private final UsageQueries queries;
  private final InstantSource clock;
  private final Semaphore questions;

  /**
   * @param questions how many threads may wait for the store
   */
  UsageRoutes(UsageQueries queries, InstantSource clock, int questions) {
    this.queries = queries;
    this.clock = clock;
    this.questions = new Semaphore(questions);
  }

  void telemetry(Context ctx) {
    Instant now = clock.instant();
    UsageQuestion question = UsageQuestion.ofTelemetry(new QueryParameters(ctx.queryString()), now);
    answer(ctx, question, now, () -> figures(question));
  }

  void dashboard(Context ctx) {
    Instant now = clock.instant();
    UsageQuestion question = UsageQuestion.ofDashboard(new QueryParameters(ctx.queryString()), now);
    answer(
        ctx,
        question,
        now,
        () ->
            DashboardAnswer.of(
                queries.overview(question.filter()),
                queries.models(question.filter(), UsageQuestion.MAX_LIMIT)));
  }

  private ObjectNode figures(UsageQuestion question) {
    return switch (question.action()) {
      case OVERVIEW -> UsageAnswers.overview(queries.overview(question.filter()));
      case MODELS ->
          UsageAnswers.models(queries.models(question.filter(), question.limitOr(DEFAULT_MODELS)));
      case ERRORS ->
          UsageAnswers.errors(queries.errors(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case FALLBACKS ->
          UsageAnswers.fallbacks(
              queries.fallbacks(question.filter(), question.limitOr(DEFAULT_CALLS)));
      case DRIFT -> UsageAnswers.drift();
    };
  }

  private void answer(
      Context ctx, UsageQuestion question, Instant now, Supplier<ObjectNode> figures) {
    if (!questions.tryAcquire()) {
      throw Problem.busy("too many questions are being answered").exception();
    }
    ObjectNode json;
    try {
      json = figures.get();
    } finally {
      questions.release();
    }
    TimeWindow window = question.filter().window();
    json.put("since", AnswerJson.timestamp(window.since()));
    json.put("window_minutes", window.minutes());
    json.put("trace_id", TraceId.of(ctx));
    json.put("last_updated", AnswerJson.timestamp(now));
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}
