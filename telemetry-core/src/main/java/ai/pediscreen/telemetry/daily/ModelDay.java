package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model's events of one UTC day, counted: what its aggregate is made of.
 *
 * @param org whose events
 * @param modelId the model
 * @param counts number of events; at least 1
 * @param costUsd exact sum of all costs in US dollars; 0 or more
 * @param tokens sum of all tokens
 * @param latencies the latencies in milliseconds of the events that have one
 * @param features the values of each watched feature, none included
 * @param subgroups the same by the value of {@link DriftSettings#by}; none without one
 */
public record ModelDay(
    OrgScope org,
    String modelId,
    UsageTally.Counts counts,
    BigDecimal costUsd,
    Tokens tokens,
    CountedValues latencies,
    Map<DriftFeature, FeatureValues> features,
    Map<String, Subgroup> subgroups) {

  /**
   * Those of the events that have one value of {@link DriftSettings#by}.
   *
   * @param calls number of events; at least 1
   * @param latencies the latencies in milliseconds of those that have one
   * @param features the values of each watched feature, none included
   */
  public record Subgroup(
      long calls, CountedValues latencies, Map<DriftFeature, FeatureValues> features) {
    public Subgroup {
      features = Map.copyOf(features);
    }
  }

  public ModelDay {
    requireNonNull(org, "org");
    requireNonNull(modelId, "modelId");
    requireNonNull(costUsd, "costUsd");
    requireNonNull(tokens, "tokens");
    long calls = counts.calls();
    if (calls < 1) {
      throw new IllegalArgumentException("calls must be at least 1 but is " + calls);
    }
    requirePart("errors", counts.errors(), calls);
    requirePart("fallbacks", counts.fallbacks(), calls);
    requirePart("latencies", latencies.total(), calls);
    features = Map.copyOf(features);
    subgroups = Map.copyOf(subgroups);
    features.forEach(
        (feature, values) -> requirePart("values of " + feature, values.total(), calls));
  }

  /** All values that are watched, those of subgroups included. */
  public Map<DriftSubject, DayValues> values() {
    Map<DriftSubject, DayValues> values = new LinkedHashMap<>();
    addValues(values, null, new Subgroup(counts.calls(), latencies, features));
    subgroups.forEach((subgroup, part) -> addValues(values, subgroup, part));
    return values;
  }

  private void addValues(
      Map<DriftSubject, DayValues> values, @Nullable String subgroup, Subgroup part) {
    values.put(
        new DriftSubject(org, modelId, DriftRecord.LATENCY, subgroup),
        DayValues.ofDay(FeatureValues.ofLatencies(part.latencies()), part.calls()));
    part.features()
        .forEach(
            (feature, own) ->
                values.put(
                    new DriftSubject(org, modelId, feature.pointer(), subgroup),
                    DayValues.ofDay(own, part.calls())));
  }

  private static void requirePart(String name, long part, long calls) {
    if (part < 0 || part > calls) {
      throw new IllegalArgumentException(
          "%s must be between 0 and %d but is %d".formatted(name, calls, part));
    }
  }
}
