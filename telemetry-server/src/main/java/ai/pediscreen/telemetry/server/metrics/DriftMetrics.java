package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.daily.DriftRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The drift of the newest day that has any. Thread-safe. */
final class DriftMetrics {

  private final LabelValues models;
  private final LabelValues features = new LabelValues(InferenceMetrics.LABEL_VALUES);
  private final MultiGauge psi;
  private final MultiGauge alerts;

  /**
   * @param models the models that are told apart
   */
  DriftMetrics(MeterRegistry registry, LabelValues models) {
    this.models = models;
    this.psi =
        MultiGauge.builder("ai.embedding.psi")
            .description("Population stability index of the newest day that has any")
            .register(registry);
    this.alerts =
        MultiGauge.builder("telemetry.drift.alert")
            .description(
                "1 where that index is over 0.2 and the samples are large enough to say so")
            .register(registry);
  }

  /** Puts the drift of a day in place of what was told before. */
  void tell(List<DriftRecord> drift) {
    psi.register(
        rows(
            drift.stream().filter(record -> record.isOfWeek() && record.psi() != null).toList(),
            DriftMetrics::psiOf),
        true);
    alerts.register(rows(drift, record -> record.alert() ? 1 : 0), true);
  }

  /** One row for each model and feature, with the largest value where labels stand for several. */
  private List<MultiGauge.Row<?>> rows(
      List<DriftRecord> records, ToDoubleFunction<DriftRecord> value) {
    Map<Tags, Double> largest = new LinkedHashMap<>();
    for (DriftRecord record : records) {
      Tags tags =
          Tags.of(
              "model_name", models.of(record.modelId()),
              "feature_name", features.of(record.feature()));
      largest.merge(tags, value.applyAsDouble(record), Math::max);
    }
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    largest.forEach((tags, number) -> rows.add(MultiGauge.Row.of(tags, number)));
    return rows;
  }

  private static double psiOf(DriftRecord record) {
    Double psi = record.psi();
    return psi == null ? Double.NaN : psi;
  }
}
