package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftComparison;
import ai.pediscreen.telemetry.daily.DriftDirection;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftIncident;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSeverity;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.Bin;
import ai.pediscreen.telemetry.drift.CategoryBin;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Drift, its incidents and baselines as the contract names their fields. */
public final class DriftAnswers {

  /** As many as a list ever has. */
  private static final int MAX_INCIDENTS = 1_000;

  private DriftAnswers() {}

  /**
   * Drift of a window.
   *
   * <p>{@code latest} is what it was before there were other references: the newest record of all
   * events against the week, if the newest day has one.
   *
   * @param newest newest first, those of the newest day at least
   * @param limit how many of them are listed; incidents are not so limited
   * @param alerts all of the window
   * @param incidents those that reach into the window
   */
  static ObjectNode drift(
      List<DriftRecord> newest,
      int limit,
      List<DriftRecord> alerts,
      List<DriftIncident> incidents) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("drift_records");
    newest.stream().limit(limit).forEach(one -> list.add(record(one)));
    if (newest.isEmpty()) {
      json.putNull("latest");
    } else {
      DriftRecord first = newest.get(0);
      json.set(
          "latest",
          record(
              newest.stream()
                  .filter(one -> one.isOfWeek() && one.date().equals(first.date()))
                  .findFirst()
                  .orElse(first)));
    }
    json.put("drift_detected", !alerts.isEmpty())
        .put(
            "critical_drift",
            alerts.stream().anyMatch(one -> one.severity() == DriftSeverity.CRITICAL));
    json.put("incidents_total", incidents.size());
    ArrayNode listed = json.putArray("incidents");
    incidents.stream().limit(MAX_INCIDENTS).forEach(one -> listed.add(incident(one)));
    return json;
  }

  /** A drift record and the bins that its index is the sum of. */
  static ObjectNode bins(DriftRecord record, List<? extends Bin> bins) {
    ObjectNode json = record(record).put("org_id", record.org().orgId());
    ArrayNode list = json.putArray("bins");
    for (Bin bin : bins) {
      ObjectNode entry = list.addObject();
      if (bin instanceof IntervalBin interval) {
        entry.put("lower", edge(interval.lower())).put("upper", edge(interval.upper()));
      } else if (bin instanceof CategoryBin category) {
        String text = DriftComparison.textOf(category);
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
   * @param newest the records of the newest day that has any
   * @param openIncidents how many incidents are open
   */
  static void addTo(ObjectNode overview, List<DriftRecord> newest, long openIncidents) {
    overview.put("open_incidents", openIncidents);
    if (newest.isEmpty()) {
      return;
    }
    DriftRecord first = newest.get(0);
    overview
        .putObject("drift")
        .put("model_id", first.modelId())
        .put("date", first.date().toString())
        .put("psi_score", first.psi())
        .put("severity", label(first.certainSeverity()))
        .put("feature", first.feature())
        .put("subgroup", first.subject().subgroup())
        .put("reference", first.reference().name())
        .put("alert", first.alert())
        .put("summary", first.figures().summary());
    overview
        .withObject("/alerts")
        .put("psi_drift_detected", newest.stream().anyMatch(DriftRecord::alert));
  }

  /** All baselines. */
  public static ObjectNode baselines(List<DriftBaseline> baselines) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("baselines");
    baselines.forEach(one -> list.add(baseline(one)));
    return json;
  }

  /** One baseline, without its values. */
  public static ObjectNode baseline(DriftBaseline one) {
    DriftSubject subject = one.subject();
    return AnswerJson.object()
        .put("name", one.name())
        .put("org_id", subject.org().orgId())
        .put("model_id", subject.modelId())
        .put("feature", subject.feature())
        .put("from", text(one.from()))
        .put("to", text(one.to()))
        .put("values", one.values().values().total());
  }

  private static ObjectNode record(DriftRecord one) {
    DriftFigures figures = one.figures();
    DriftDirection direction = figures.direction();
    return AnswerJson.object()
        .put("date", one.date().toString())
        .put("model_id", one.modelId())
        .put("feature", one.feature())
        .put("psi_score", one.psi())
        .put("severity", label(one.severity()))
        .put("alert", one.alert())
        .put("verdict", one.verdict().name())
        .put("reference_count", one.referenceCount())
        .put("current_count", one.currentCount())
        .put("critical_value", one.criticalValue())
        .put("significant", one.significant())
        .put("subgroup", one.subject().subgroup())
        .put("reference", one.reference().name())
        .put("p_value", figures.pValue())
        .put("direction", direction == null ? null : label(direction))
        .put("median_shift", figures.medianShift())
        .put("wasserstein", figures.wasserstein())
        .put("reference_missing_share", figures.referenceMissingShare())
        .put("missing_share", figures.missingShare())
        .put("missing_p_value", figures.missingPValue())
        .put("summary", figures.summary());
  }

  private static ObjectNode incident(DriftIncident one) {
    return AnswerJson.object()
        .put("id", one.id())
        .put("state", label(one.state()))
        .put("model_id", one.subject().modelId())
        .put("feature", one.subject().feature())
        .put("subgroup", one.subject().subgroup())
        .put("start", one.start().toString())
        .put("opened", one.opened().toString())
        .put("last_alert", one.lastAlert().toString())
        .put("resolved", text(one.resolved()))
        .put("largest_psi", one.largestPsi())
        .put("reference", one.latest().reference().name())
        .put("summary", one.latest().figures().summary());
  }

  /** JSON has no infinity: a bin that is open has no edge. */
  private static @Nullable Double edge(double edge) {
    return Double.isInfinite(edge) ? null : edge;
  }

  private static @Nullable String text(@Nullable LocalDate day) {
    return day == null ? null : day.toString();
  }

  /** As answers spell it. */
  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
