package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts one day's events by model, for all organisations together and for each. Events without a
 * model are in no aggregate, and events without an organisation only in those of all together.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 *
 * @implNote The space is that of the distinct latencies and values of each organisation and model,
 *     not that of the events; with subgroups up to {@value #MAX_COUNTED_SUBGROUPS} times that. It
 *     is least if groups come by organisation, model, subgroup and latency.
 */
public final class DayTally {

  /** How many subgroups of a model are counted by name during a day, in ascending order. */
  public static final int MAX_COUNTED_SUBGROUPS = 100;

  private final DriftSettings settings;
  private final Map<Key, Counts> counts = new LinkedHashMap<>();
  private long events;

  /**
   * The tally of no event.
   *
   * @param settings whose values are counted beside the latencies, and by what they are split
   */
  public DayTally(DriftSettings settings) {
    this.settings = settings;
  }

  /**
   * What a group of events has in common.
   *
   * @param orgId null for none
   * @param modelId null for none
   * @param subgroup the value of {@link DriftSettings#by}, see {@link #subgroupOf}; null for none
   */
  public record Group(
      @Nullable String orgId, @Nullable String modelId, @Nullable String subgroup) {}

  /** Counts one event. */
  public void add(TelemetryEvent event) {
    DriftFeature by = settings.by();
    Map<String, @Nullable Object> object = new HashMap<>();
    if (by != null || !settings.features().isEmpty()) {
      object = event.toMap();
    }
    Group group =
        new Group(
            event.orgId(), event.modelId(), by == null ? null : subgroupOf(by.valueIn(object)));
    add(
        group,
        event.response().latencyMillis(),
        UsageTally.Counts.of(event),
        event.costUsd() == null ? BigDecimal.ZERO : event.costUsd(),
        event.tokens());
    for (DriftFeature feature : settings.features()) {
      addValue(group, feature, feature.valueIn(object), 1);
    }
  }

  /**
   * The subgroup that a value puts an event into: a text, cut after {@value
   * FeatureValues#MAX_TEXT_LENGTH} characters, or a boolean's; null for anything else.
   *
   * @param value decoded JSON
   */
  public static @Nullable String subgroupOf(@Nullable Object value) {
    if (value instanceof Boolean) {
      return value.toString();
    }
    return value instanceof String text ? FeatureValues.cut(text) : null;
  }

  /**
   * Counts events of one group that have a latency in common.
   *
   * @param latencyMillis null for none
   * @param some how many; at least 1
   * @param costUsd exact sum of their costs
   * @param tokens sum of their tokens
   */
  public void add(
      Group group,
      @Nullable Long latencyMillis,
      UsageTally.Counts some,
      BigDecimal costUsd,
      Tokens tokens) {
    add(group, some, costUsd, tokens);
    if (latencyMillis != null) {
      addLatency(group, latencyMillis, some.calls());
    }
  }

  /**
   * Counts events of one group, whose latencies are {@linkplain #addLatency counted} apart.
   *
   * @param some how many; at least 1
   * @param costUsd exact sum of their costs
   * @param tokens sum of their tokens
   */
  public void add(Group group, UsageTally.Counts some, BigDecimal costUsd, Tokens tokens) {
    events += some.calls();
    for (Counts one : countsOf(group)) {
      one.add(some, costUsd, tokens);
      if (group.subgroup() != null) {
        one.subgroup(group.subgroup()).calls += some.calls();
      }
    }
  }

  /**
   * Counts a latency of events that are {@linkplain #add counted} themselves.
   *
   * @param times how many events have it; at least 1
   */
  public void addLatency(Group group, long latencyMillis, long times) {
    for (Counts one : countsOf(group)) {
      one.all.latencies.add(latencyMillis, times);
      if (group.subgroup() != null) {
        one.subgroup(group.subgroup()).latencies.add(latencyMillis, times);
      }
    }
  }

  /**
   * Counts the value that a feature has in events that are {@linkplain #add counted} themselves.
   *
   * @param value decoded JSON; what {@link FeatureValues} takes for no value is not counted
   * @param times how many events have it; at least 1
   */
  public void addValue(Group group, DriftFeature feature, @Nullable Object value, long times) {
    for (Counts one : countsOf(group)) {
      one.all.values(feature).add(value, times);
      if (group.subgroup() != null) {
        one.subgroup(group.subgroup()).values(feature).add(value, times);
      }
    }
  }

  /** How many events were counted, those without a model included. */
  public long events() {
    return events;
  }

  /** One entry for each organisation (and all together) and model that has events. */
  public List<ModelDay> models() {
    List<ModelDay> models = new ArrayList<>(counts.size());
    counts.forEach((key, count) -> models.add(count.of(key, settings.features())));
    return models;
  }

  private List<Counts> countsOf(Group group) {
    String modelId = group.modelId();
    if (modelId == null) {
      return List.of();
    }
    Counts all = counts(OrgScope.all(), modelId);
    return group.orgId() == null
        ? List.of(all)
        : List.of(all, counts(OrgScope.of(group.orgId()), modelId));
  }

  private Counts counts(OrgScope org, String modelId) {
    return counts.computeIfAbsent(new Key(org, modelId), key -> new Counts());
  }

  private record Key(OrgScope org, String modelId) {}

  /** Values of some events. */
  private static final class Values {
    private final CountedValues.Builder latencies = CountedValues.builder();
    private final Map<DriftFeature, FeatureValues.Builder> features = new HashMap<>();
    private long calls;

    FeatureValues.Builder values(DriftFeature feature) {
      return features.computeIfAbsent(feature, key -> FeatureValues.builder());
    }

    ModelDay.Subgroup build(List<DriftFeature> watched) {
      Map<DriftFeature, FeatureValues> values = new HashMap<>();
      watched.forEach(feature -> values.put(feature, values(feature).build()));
      return new ModelDay.Subgroup(calls, latencies.build(), values);
    }
  }

  private static final class Counts {
    private final Values all = new Values();
    private final TreeMap<String, Values> subgroups = new TreeMap<>();
    private UsageTally.Counts events = UsageTally.Counts.NONE;
    private BigDecimal costUsd = BigDecimal.ZERO;
    private Tokens tokens = Tokens.NONE;

    void add(UsageTally.Counts more, BigDecimal moreCostUsd, Tokens moreTokens) {
      all.calls += more.calls();
      events = events.plus(more);
      costUsd = costUsd.add(moreCostUsd);
      tokens = tokens.plus(moreTokens);
    }

    Values subgroup(String name) {
      Values values = subgroups.computeIfAbsent(name, key -> new Values());
      if (subgroups.size() > MAX_COUNTED_SUBGROUPS) {
        // One that has to go is after all that stay, now and later, so none of these lost a count.
        subgroups.pollLastEntry();
      }
      return values;
    }

    ModelDay of(Key key, List<DriftFeature> watched) {
      ModelDay.Subgroup whole = all.build(watched);
      Map<String, ModelDay.Subgroup> parts = new HashMap<>();
      // Sorting is stable: of subgroups of the same size the first in ascending order are kept.
      subgroups.entrySet().stream()
          .filter(part -> part.getValue().calls > 0)
          .sorted(
              Comparator.comparingLong((Map.Entry<String, Values> part) -> part.getValue().calls)
                  .reversed())
          .limit(DriftSettings.MAX_SUBGROUPS)
          .forEach(part -> parts.put(part.getKey(), part.getValue().build(watched)));
      return new ModelDay(
          key.org(),
          key.modelId(),
          events,
          costUsd,
          tokens,
          whole.latencies(),
          whole.features(),
          parts);
    }
  }
}
