package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Computed days. An event is never taken away from a day that can still be computed, so a day whose
 * number of events has changed has late ones.
 *
 * <p>Not safe for use by several threads at once.
 */
final class InMemoryDays {

  private final List<DriftFeature> features;
  private final TreeMap<LocalDate, Day> days = new TreeMap<>();

  /** Days before this one have lost events, and stay as they are. */
  private LocalDate edge = LocalDate.MIN;

  InMemoryDays(List<DriftFeature> features) {
    this.features = List.copyOf(features);
  }

  List<LocalDate> due(Collection<TelemetryEvent> events, LocalDate today) {
    Map<LocalDate, Long> counts = new TreeMap<>();
    for (TelemetryEvent event : events) {
      LocalDate date = event.day();
      if (date.isBefore(today) && !date.isBefore(edge)) {
        counts.merge(date, 1L, Long::sum);
      }
    }
    days.tailMap(edge).forEach((date, day) -> counts.putIfAbsent(date, day.events));
    return counts.entrySet().stream()
        .filter(
            count -> {
              Day day = days.get(count.getKey());
              return day == null || day.referenceChanged || day.events != count.getValue();
            })
        .map(Map.Entry::getKey)
        .toList();
  }

  int compute(Collection<TelemetryEvent> events, LocalDate date) {
    Day known = days.get(date);
    DayTally tally = new DayTally(features);
    events.stream().filter(event -> event.day().equals(date)).forEach(tally::add);
    boolean late = known == null || known.events != tally.events();
    if (date.isBefore(edge) || !(late || (known != null && known.referenceChanged))) {
      return known == null ? 0 : known.aggregates.size();
    }
    Day day = new Day(tally.events(), known == null ? 1 : known.revision + 1);
    for (ModelDay model : tally.models()) {
      Key key = new Key(model.org(), model.modelId());
      DailyAggregate aggregate = DailyAggregate.of(date, model, reference(date, key));
      day.latencies.put(key, model.latencies());
      day.features.put(key, model.features());
      day.aggregates.add(aggregate);
      Stream.ofNullable(aggregate.drift()).forEach(day.drift::add);
      model
          .features()
          .forEach(
              (feature, values) ->
                  DriftRecord.compare(reference(date, key, feature), values)
                      .map(
                          result ->
                              DriftRecord.of(
                                  date, key.org(), key.modelId(), feature.pointer(), result))
                      .ifPresent(day.drift::add));
    }
    days.put(date, day);
    if (late) {
      days.subMap(date, false, date.plusDays(DriftRecord.REFERENCE_DAYS), true)
          .values()
          .forEach(later -> later.referenceChanged = true);
    }
    return day.aggregates.size();
  }

  List<ComputedDay> computed(LocalDate from, LocalDate to) {
    List<ComputedDay> computed = new ArrayList<>();
    days.subMap(from, true, to, true)
        .forEach(
            (date, day) ->
                computed.add(new ComputedDay(date, day.revision, day.aggregates.size())));
    return computed;
  }

  List<DailyAggregate> aggregates(DayFilter filter) {
    return days.subMap(filter.from(), true, filter.to(), true).values().stream()
        .flatMap(day -> day.aggregates.stream())
        .filter(one -> filter.includes(one.date(), one.org(), one.modelId()))
        .sorted(DailyAggregate.BY_DATE_AND_MODEL)
        .toList();
  }

  List<DriftRecord> drift(DayFilter filter, int limit) {
    return days.subMap(filter.from(), true, filter.to(), true).values().stream()
        .flatMap(day -> day.drift.stream())
        .filter(one -> filter.includes(one.date(), one.org(), one.modelId()))
        .sorted(DriftRecord.NEWEST_FIRST)
        .limit(limit)
        .toList();
  }

  Optional<PsiResult<?>> comparison(LocalDate date, OrgScope org, String modelId, String feature) {
    Key key = new Key(org, modelId);
    Day day = days.get(date);
    if (day == null) {
      return Optional.empty();
    }
    if (feature.equals(DriftRecord.LATENCY)) {
      return DriftRecord.compare(
          reference(date, key), day.latencies.getOrDefault(key, CountedValues.empty()));
    }
    return day.features.getOrDefault(key, Map.of()).entrySet().stream()
        .filter(values -> values.getKey().pointer().equals(feature))
        .findFirst()
        .flatMap(
            values ->
                DriftRecord.compare(reference(date, key, values.getKey()), values.getValue()));
  }

  void keepAsTheyAreBefore(Instant timestamp) {
    LocalDate first = LocalDate.ofInstant(timestamp, ZoneOffset.UTC);
    boolean whole = first.atStartOfDay(ZoneOffset.UTC).toInstant().equals(timestamp);
    LocalDate firstWhole = whole ? first : first.plusDays(1);
    edge = firstWhole.isAfter(edge) ? firstWhole : edge;
  }

  private CountedValues reference(LocalDate date, Key key) {
    return CountedValues.mergeAll(
        referenceDays(date)
            .map(day -> day.latencies.getOrDefault(key, CountedValues.empty()))
            .toList());
  }

  private FeatureValues reference(LocalDate date, Key key, DriftFeature feature) {
    return referenceDays(date)
        .flatMap(day -> Stream.ofNullable(day.features.getOrDefault(key, Map.of()).get(feature)))
        .reduce(FeatureValues.none(), FeatureValues::merge);
  }

  private Stream<Day> referenceDays(LocalDate date) {
    return days
        .subMap(date.minusDays(DriftRecord.REFERENCE_DAYS), true, date, false)
        .values()
        .stream();
  }

  private record Key(OrgScope org, String modelId) {}

  private static final class Day {
    private final long events;
    private final long revision;
    private final List<DailyAggregate> aggregates = new ArrayList<>();
    private final List<DriftRecord> drift = new ArrayList<>();
    private final Map<Key, CountedValues> latencies = new HashMap<>();
    private final Map<Key, Map<DriftFeature, FeatureValues>> features = new HashMap<>();
    private boolean referenceChanged;

    Day(long events, long revision) {
      this.events = events;
      this.revision = revision;
    }
  }
}
