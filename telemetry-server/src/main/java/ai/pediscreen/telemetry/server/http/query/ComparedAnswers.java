package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds to figures those of the period of the same length before, as member {@code previous}: null
 * where there was no call then.
 */
final class ComparedAnswers {

  private static final String PREVIOUS = "previous";

  private ComparedAnswers() {}

  static void addTo(ObjectNode overview, Overview before) {
    if (before.requests() == 0) {
      overview.putNull(PREVIOUS);
      return;
    }
    overview
        .putObject(PREVIOUS)
        .put("total_requests", before.requests())
        .put("error_count", before.errors())
        .put("fallback_count", before.fallbacks())
        .put("p95_latency_ms", before.p95LatencyMillis())
        .put("total_cost_usd", AnswerJson.decimal(before.costUsd()))
        .set("tokens", AnswerJson.tokens(before.tokens()));
  }

  /** To each entry of an answer about models. */
  static void addTo(ObjectNode models, List<ModelUsage> before) {
    Map<@Nullable String, ModelUsage> byModel = new HashMap<>();
    before.forEach(one -> byModel.put(one.modelId(), one));
    for (JsonNode entry : models.path("models")) {
      ModelUsage previous = byModel.get(entry.path("model_id").textValue());
      if (previous == null) {
        ((ObjectNode) entry).putNull(PREVIOUS);
      } else {
        ((ObjectNode) entry)
            .putObject(PREVIOUS)
            .put("calls", previous.calls())
            .put("p95_latency_ms", previous.p95LatencyMillis())
            .put("error_rate", AnswerJson.decimal(previous.errorPercent()))
            .put("fallback_rate", AnswerJson.decimal(previous.fallbackPercent()))
            .put("cost_estimate_usd", AnswerJson.decimal(previous.costUsd()))
            .set("tokens", AnswerJson.tokens(previous.tokens()));
      }
    }
  }
}
