package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSeverity;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.drift.Bin;
import ai.pediscreen.telemetry.drift.CategoryBin;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.server.job.Job;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Days, drift and jobs as the contract names their fields. */
final class DayAnswers {

  private DayAnswers() {}

  static ObjectNode aggregates(List<DailyAggregate> aggregates) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("aggregates");
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
              .put("reference_count", one.referenceCount())
              .put("current_count", one.currentCount());
      DriftRecord drift = one.drift();
      if (drift == null) {
        entry.putNull("verdict");
      } else {
        entry.put("verdict", drift.verdict().name());
      }
    }
    return json;
  }

  /**
   * Drift of a window.
   *
   * @param records all of the window, newest first
   * @param limit how many of them are listed
   */
  static ObjectNode drift(List<DriftRecord> records, int limit) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("drift_records");
    records.stream().limit(limit).forEach(one -> list.add(record(one)));
    if (records.isEmpty()) {
      json.putNull("latest");
    } else {
      json.set("latest", record(records.get(0)));
    }
    return json.put("drift_detected", records.stream().anyMatch(DriftRecord::alert))
        .put(
            "critical_drift",
            records.stream()
                .anyMatch(one -> one.alert() && one.severity() == DriftSeverity.CRITICAL));
  }

  /** A drift record and the bins that its index is the sum of. */
  static ObjectNode driftBins(DriftRecord record, List<? extends Bin> bins) {
    ObjectNode json = record(record).put("org_id", record.org().orgId());
    ArrayNode list = json.putArray("bins");
    for (Bin bin : bins) {
      ObjectNode entry = list.addObject();
      if (bin instanceof IntervalBin interval) {
        entry.put("lower", edge(interval.lower())).put("upper", edge(interval.upper()));
      } else if (bin instanceof CategoryBin category) {
        String text = FeatureValues.textOf(category);
        entry.put("category", text);
        if (text == null) {
          entry.put("group", category.category());
        }
      }
      entry
          .put("reference_count", bin.referenceCount())
          .put("current_count", bin.currentCount())
          .put("reference_share", bin.referenceShare())
          .put("current_share", bin.currentShare())
          .put("contribution", bin.contribution());
    }
    return json;
  }

  /**
   * Puts into an overview what it says of drift.
   *
   * @param newest records, newest first, those of the newest day at least
   */
  static void addDrift(ObjectNode overview, List<DriftRecord> newest) {
    if (newest.isEmpty()) {
      return;
    }
    DriftRecord first = newest.get(0);
    overview
        .putObject("drift")
        .put("model_id", first.modelId())
        .put("date", first.date().toString())
        .put("psi_score", first.psi())
        .put("severity", severity(first));
    overview
        .withObject("/alerts")
        .put(
            "psi_drift_detected",
            newest.stream().anyMatch(one -> one.date().equals(first.date()) && one.alert()));
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

  private static ObjectNode record(DriftRecord one) {
    return AnswerJson.object()
        .put("date", one.date().toString())
        .put("model_id", one.modelId())
        .put("feature", one.feature())
        .put("psi_score", one.psi())
        .put("severity", severity(one))
        .put("alert", one.alert())
        .put("verdict", one.verdict().name())
        .put("reference_count", one.referenceCount())
        .put("current_count", one.currentCount())
        .put("critical_value", one.criticalValue())
        .put("significant", one.significant());
  }

  /** JSON has no infinity: a bin that is open has no edge. */
  private static @Nullable Double edge(double edge) {
    return Double.isInfinite(edge) ? null : edge;
  }

  private static String severity(DriftRecord one) {
    return one.severity().name().toLowerCase(Locale.ROOT);
  }
}
