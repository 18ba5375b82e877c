package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Days and jobs as the contract names their fields. */
final class DayAnswers {

  /** What the replaced service did not compute of a day. */
  private static final List<String> NOT_COMPUTED_EARLIER =
      List.of(
          "p50_latency_ms",
          "p95_latency_ms",
          "p99_latency_ms",
          "cost_estimate_usd",
          "tokens",
          "unpriced_calls",
          "reference_count",
          "current_count",
          "verdict");

  private DayAnswers() {}

  /**
   * Days of another service are told first.
   *
   * @param earlier without what that service did not compute
   */
  static ObjectNode aggregates(List<EarlierAggregate> earlier, List<DailyAggregate> aggregates) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("aggregates");
    earlier.forEach(one -> put(list.addObject(), one));
    for (DailyAggregate one : aggregates) {
      ObjectNode entry =
          list.addObject()
              .put("date", one.date().toString())
              .put("org_id", one.org().orgId())
              .put("model_id", one.modelId())
              .put("calls", one.calls())
              .put("avg_latency", AnswerJson.decimal(one.averageLatencyMillis()))
              .put("error_rate", AnswerJson.decimal(one.errorPercent()))
              .put("fallback_count", one.fallbacks())
              .put("psi", one.psi())
              .put("p50_latency_ms", one.p50LatencyMillis())
              .put("p95_latency_ms", one.p95LatencyMillis())
              .put("p99_latency_ms", one.p99LatencyMillis())
              .put("cost_estimate_usd", AnswerJson.decimal(one.costUsd()))
              .put("unpriced_calls", one.unpriced())
              .put("reference_count", one.referenceCount())
              .put("current_count", one.currentCount());
      entry.set("tokens", AnswerJson.tokens(one.tokens()));
      DriftRecord drift = one.drift();
      if (drift == null) {
        entry.putNull("verdict");
      } else {
        entry.put("verdict", drift.verdict().name());
      }
    }
    return json;
  }

  private static void put(ObjectNode entry, EarlierAggregate one) {
    entry
        .put("date", one.date().toString())
        .putNull("org_id")
        .put("model_id", one.modelId())
        .put("calls", one.calls())
        .put("avg_latency", AnswerJson.decimal(one.averageLatencyMillis()))
        .put("error_rate", AnswerJson.decimal(one.errorPercent()))
        .put("fallback_count", one.fallbacks())
        .put("psi", one.psi());
    for (String unknown : NOT_COMPUTED_EARLIER) {
      entry.putNull(unknown);
    }
  }

  static ObjectNode job(Job job) {
    ObjectNode json =
        AnswerJson.object()
            .put("job_id", job.id())
            .put("status", job.state().name().toLowerCase(Locale.ROOT));
    if (job.aggregates() == null) {
      json.putNull("result");
    } else {
      json.putObject("result")
          .put("date", String.valueOf(job.day()))
          .put("aggregates_count", job.aggregates());
    }
    return json.put("error", job.error());
  }
}
