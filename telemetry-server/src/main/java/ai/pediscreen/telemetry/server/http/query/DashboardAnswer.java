package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** The body of {@code /metrics_dashboard}. */
final class DashboardAnswer {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private DashboardAnswer() {}

  static ObjectNode of(Overview overview, List<ModelUsage> models) {
    ObjectNode json = AnswerJson.object();
    json.putObject("edge_health")
        .put("status", isDegraded(overview) ? "degraded" : "healthy")
        .put("uptime_pct", AnswerJson.decimal(uptimePercent(overview)))
        .put("p95_latency_ms", overview.p95LatencyMillis());
    ObjectNode telemetry = json.putObject("ai_telemetry");
    telemetry.put("total_calls", overview.requests());
    telemetry.put("total_cost_usd", AnswerJson.decimal(overview.costUsd()));
    ArrayNode breakdown = telemetry.putArray("model_breakdown");
    for (ModelUsage model : models) {
      breakdown
          .addObject()
          .put("model_id", model.modelId())
          .put("calls", model.calls())
          .put("cost", AnswerJson.decimal(model.costUsd()))
          .put("fallback_rate", AnswerJson.decimal(model.fallbackPercent()));
    }
    return json;
  }

  /** What the overview warns of is what makes a service unwell: slow answers, or failing ones. */
  private static boolean isDegraded(Overview overview) {
    return overview.p95LatencyAlert() || overview.errorRateAlert();
  }

  /** Successes per 100 calls, to 2 places; 100 without calls, since nothing has failed. */
  private static BigDecimal uptimePercent(Overview overview) {
    return overview.requests() == 0
        ? HUNDRED
        : BigDecimal.valueOf(overview.successes())
            .multiply(HUNDRED)
            .divide(BigDecimal.valueOf(overview.requests()), 2, RoundingMode.HALF_UP);
  }
}
