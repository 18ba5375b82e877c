package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts one day's events by model, for all organisations together and for each. Events without a
 * model are in no aggregate, and events without an organisation only in those of all together.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 *
 * @implNote The space is that of the distinct latencies and values of each organisation and model,
 *     not that of the events. It is least if groups come by organisation, model and latency.
 */
public final class DayTally {

  private final List<DriftFeature> features;
  private final Map<Key, Counts> counts = new LinkedHashMap<>();
  private long events;

  /**
   * The tally of no event.
   *
   * @param features whose values are counted beside the latencies
   */
  public DayTally(List<DriftFeature> features) {
    this.features = List.copyOf(features);
  }

  /** Counts one event. */
  public void add(TelemetryEvent event) {
    add(
        event.orgId(),
        event.modelId(),
        event.response().latencyMillis(),
        1,
        event.isError() ? 1 : 0,
        event.isFallback() ? 1 : 0,
        event.costUsd() == null ? BigDecimal.ZERO : event.costUsd());
    if (!features.isEmpty()) {
      Map<String, @Nullable Object> object = event.toMap();
      for (DriftFeature feature : features) {
        addValue(event.orgId(), event.modelId(), feature, feature.valueIn(object), 1);
      }
    }
  }

  /**
   * Counts events that have an organisation, a model and a latency in common.
   *
   * @param orgId null for none
   * @param modelId null for none
   * @param latencyMillis null for none
   * @param calls number of events; at least 1
   * @param errors of them, how many are errors
   * @param fallbacks of them, how many are fallbacks
   * @param costUsd exact sum of their costs
   */
  public void add(
      @Nullable String orgId,
      @Nullable String modelId,
      @Nullable Long latencyMillis,
      long calls,
      long errors,
      long fallbacks,
      BigDecimal costUsd) {
    events += calls;
    if (modelId == null) {
      return;
    }
    counts(OrgScope.all(), modelId).add(latencyMillis, calls, errors, fallbacks, costUsd);
    if (orgId != null) {
      counts(OrgScope.of(orgId), modelId).add(latencyMillis, calls, errors, fallbacks, costUsd);
    }
  }

  /**
   * Counts the value that a feature has in events that are {@linkplain #add counted} themselves.
   *
   * @param orgId null for none
   * @param modelId null for none
   * @param value decoded JSON; what {@link FeatureValues} takes for no value is not counted
   * @param events how many events have it; at least 1
   */
  public void addValue(
      @Nullable String orgId,
      @Nullable String modelId,
      DriftFeature feature,
      @Nullable Object value,
      long events) {
    if (modelId == null) {
      return;
    }
    counts(OrgScope.all(), modelId).values(feature).add(value, events);
    if (orgId != null) {
      counts(OrgScope.of(orgId), modelId).values(feature).add(value, events);
    }
  }

  /** How many events were counted, those without a model included. */
  public long events() {
    return events;
  }

  /** One entry for each organisation (and all together) and model that has events. */
  public List<ModelDay> models() {
    List<ModelDay> models = new ArrayList<>(counts.size());
    counts.forEach((key, count) -> models.add(count.of(key)));
    return models;
  }

  private Counts counts(OrgScope org, String modelId) {
    return counts.computeIfAbsent(new Key(org, modelId), key -> new Counts());
  }

  private record Key(OrgScope org, String modelId) {}

  private static final class Counts {
    private final CountedValues.Builder latencies = CountedValues.builder();
    private final Map<DriftFeature, FeatureValues.Builder> features = new HashMap<>();
    private long calls;
    private long errors;
    private long fallbacks;
    private BigDecimal costUsd = BigDecimal.ZERO;

    void add(
        @Nullable Long latencyMillis,
        long moreCalls,
        long moreErrors,
        long moreFallbacks,
        BigDecimal moreCostUsd) {
      calls += moreCalls;
      errors += moreErrors;
      fallbacks += moreFallbacks;
      costUsd = costUsd.add(moreCostUsd);
      if (latencyMillis != null) {
        latencies.add(latencyMillis.longValue(), moreCalls);
      }
    }

    FeatureValues.Builder values(DriftFeature feature) {
      return features.computeIfAbsent(feature, key -> FeatureValues.builder());
    }

    ModelDay of(Key key) {
      Map<DriftFeature, FeatureValues> values = new HashMap<>();
      features.forEach((feature, builder) -> values.put(feature, builder.build()));
      values.values().removeIf(one -> one.total() == 0);
      return new ModelDay(
          key.org(), key.modelId(), calls, errors, fallbacks, costUsd, latencies.build(), values);
    }
  }
}
