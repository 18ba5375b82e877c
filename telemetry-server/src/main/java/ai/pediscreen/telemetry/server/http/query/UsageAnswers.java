package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.FirstSeen;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of {@code /telemetry}, field by field as the contract names them. */
final class UsageAnswers {

  private UsageAnswers() {}

  static ObjectNode overview(Overview overview) {
    ObjectNode json = AnswerJson.object();
    json.put("active_connection", overview.active());
    json.put("last_used", timestamp(overview.newest()));
    json.put("total_requests", overview.requests());
    json.put("success_count", overview.successes());
    json.put("error_count", overview.errors());
    json.put("fallback_count", overview.fallbacks());
    json.put("avg_latency_ms", overview.averageLatencyMillis());
    json.put("p50_latency_ms", overview.p50LatencyMillis());
    json.put("p95_latency_ms", overview.p95LatencyMillis());
    json.put("p99_latency_ms", overview.p99LatencyMillis());
    json.set("latency_histogram", histogram(overview.latencyCounts()));
    json.put("total_cost_usd", AnswerJson.decimal(overview.costUsd()));
    json.set("tokens", AnswerJson.tokens(overview.tokens()));
    json.put("unpriced_calls", overview.unpriced());
    json.put("number_of_models", overview.models());
    Overview.TopModel top = overview.topModel();
    if (top == null) {
      json.putNull("top_model");
    } else {
      json.putObject("top_model").put("model_id", top.modelId()).put("calls", top.calls());
    }
    ArrayNode days = json.putArray("timeseries");
    for (Overview.DayUsage day : overview.days()) {
      days.addObject()
          .put("date", day.date().toString())
          .put("calls", day.calls())
          .put("errors", day.errors())
          .put("fallbacks", day.fallbacks())
          .put("cost", AnswerJson.decimal(day.costUsd()))
          .set("tokens", AnswerJson.tokens(day.tokens()));
    }
    // These two are added by the routes that know the days.
    json.putNull("drift");
    json.putObject("alerts")
        .put("p95_latency_above_2s", overview.p95LatencyAlert())
        .put("error_rate_above_1pct", overview.errorRateAlert())
        .put("fallback_rate_above_5pct", overview.fallbackRateAlert())
        .put("psi_drift_detected", false);
    return json;
  }

  static ObjectNode models(List<ModelUsage> models) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("models");
    for (ModelUsage model : models) {
      ObjectNode entry = list.addObject();
      entry.put("model_id", model.modelId());
      entry.put("provider", model.provider());
      entry.put("calls", model.calls());
      entry.put("avg_latency_ms", model.averageLatencyMillis());
      entry.put("p95_latency_ms", model.p95LatencyMillis());
      entry.put("error_rate", AnswerJson.decimal(model.errorPercent()));
      entry.put("fallback_rate", AnswerJson.decimal(model.fallbackPercent()));
      entry.put("fallback_count", model.fallbacks());
      entry.put("cost_estimate_usd", AnswerJson.decimal(model.costUsd()));
      entry.set("tokens", AnswerJson.tokens(model.tokens()));
      entry.put("unpriced_calls", model.unpriced());
      ArrayNode adapters = entry.putArray("adapters");
      model.adapters().forEach(adapters::add);
      entry.put("last_used", AnswerJson.timestamp(model.newest()));
    }
    return json;
  }

  static ObjectNode errors(CallReport report) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("errors");
    for (Call call : report.newest()) {
      list.addObject()
          .put("id", call.eventId())
          .put("timestamp", AnswerJson.timestamp(call.timestamp()))
          .put("model_id", call.modelId())
          .put("error_code", call.errorCode())
          .put("status_code", call.statusCode())
          .put("fallback_reason", call.fallbackTo())
          .put("latency_ms", call.latencyMillis())
          .put("trace_id", call.traceId());
    }
    json.set("error_summary", counts(report.reasons()));
    return json.put("total", report.total());
  }

  static ObjectNode fallbacks(CallReport report) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("fallbacks");
    for (Call call : report.newest()) {
      list.addObject()
          .put("id", call.eventId())
          .put("timestamp", AnswerJson.timestamp(call.timestamp()))
          .put("model_id", call.modelId())
          .put("fallback_reason", call.fallbackTo())
          .put("screening_id", call.caseId())
          .put("latency_ms", call.latencyMillis())
          .put("trace_id", call.traceId());
    }
    json.set("reason_summary", counts(report.reasons()));
    return json.put("total", report.total());
  }

  static ObjectNode series(UsageStep step, List<UsagePoint> points) {
    ObjectNode json = AnswerJson.object();
    json.put("step_minutes", step.length().toMinutes());
    ArrayNode list = json.putArray("series");
    for (UsagePoint point : points) {
      list.addObject()
          .put("time", AnswerJson.timestamp(point.time()))
          .put("calls", point.calls())
          .put("errors", point.errors())
          .put("fallbacks", point.fallbacks())
          .put("cost", AnswerJson.decimal(point.costUsd()))
          .put("p50_latency_ms", point.p50LatencyMillis())
          .put("p95_latency_ms", point.p95LatencyMillis())
          .put("p99_latency_ms", point.p99LatencyMillis())
          .set("tokens", AnswerJson.tokens(point.tokens()));
    }
    return json;
  }

  static ObjectNode history(List<FirstSeen> seen) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("history");
    for (FirstSeen one : seen) {
      list.addObject()
          .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
          .put("name", one.name())
          .put("first_seen", AnswerJson.timestamp(one.since()));
    }
    return json;
  }

  /**
   * A page of organisations.
   *
   * @param organisations the page, and one more if there are more
   * @param limit how many make a page
   */
  static ObjectNode organisations(List<String> organisations, int limit) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("organisations");
    organisations.stream().limit(limit).forEach(list::add);
    return organisations.size() > limit ? json.put("next", organisations.get(limit - 1)) : json;
  }

  private static ObjectNode histogram(List<Long> counts) {
    ObjectNode json = AnswerJson.object();
    for (int i = 0; i < Overview.LATENCY_LIMITS.size(); i++) {
      json.put("le_" + Overview.LATENCY_LIMITS.get(i), counts.get(i));
    }
    return json.put("le_inf", counts.get(counts.size() - 1));
  }

  private static ObjectNode counts(Map<String, Long> counts) {
    ObjectNode json = AnswerJson.object();
    counts.forEach(json::put);
    return json;
  }

  private static @Nullable String timestamp(@Nullable Instant instant) {
    return instant == null ? null : AnswerJson.timestamp(instant);
  }
}
