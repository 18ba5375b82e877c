package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayDrift;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftComparison;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");

  private final DriftSettings settings;
  private final TreeMap<LocalDate, Day> days = new TreeMap<>();
  private final Map<BaselineKey, DriftBaseline> baselines = new HashMap<>();

  /** Days before this one have lost events, and stay as they are. */
  private LocalDate edge = LocalDate.MIN;

  InMemoryDays(DriftSettings settings) {
    this.settings = settings;
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
    DayTally tally = new DayTally(settings);
    events.stream().filter(event -> event.day().equals(date)).forEach(tally::add);
    boolean late = known == null || known.events != tally.events();
    if (date.isBefore(edge) || !(late || (known != null && known.referenceChanged))) {
      return known == null ? 0 : known.aggregates.size();
    }
    Day day = new Day(tally.events(), known == null ? 1 : known.revision + 1);
    List<ModelDay> models = tally.models();
    models.forEach(model -> day.values.putAll(model.values()));
    day.drift.addAll(drift(date, day.values));
    Map<DriftSubject, DriftRecord> ofWeek = new HashMap<>();
    day.drift.stream()
        .filter(DriftRecord::isOfWeek)
        .forEach(record -> ofWeek.put(record.subject(), record));
    for (ModelDay model : models) {
      DailyAggregate aggregate = DailyAggregate.of(date, model);
      DriftSubject latencies = aggregate.latencies();
      day.aggregates.add(
          aggregate.comparedWith(
              reference(date, latencies, DriftReference.WEEK).values().total(),
              ofWeek.get(latencies)));
    }
    days.put(date, day);
    if (late) {
      DriftReference.allAfter(date).stream()
          .flatMap(after -> Stream.ofNullable(days.get(after)))
          .forEach(later -> later.referenceChanged = true);
    }
    return day.aggregates.size();
  }

  private List<DriftRecord> drift(LocalDate date, Map<DriftSubject, DayValues> values) {
    DayDrift drift = new DayDrift(date, settings);
    values.forEach(
        (subject, own) -> {
          for (DriftReference reference : references(subject)) {
            drift.compare(subject, reference, reference(date, subject, reference), own);
          }
        });
    drift
        .failures()
        .forEach(one -> LOG.log(Level.WARNING, "a comparison of {0} was left out: {1}", date, one));
    return drift.records();
  }

  private List<DriftReference> references(DriftSubject subject) {
    List<DriftReference> references = new ArrayList<>(List.of(DriftReference.WEEK));
    if (settings.season()) {
      references.add(DriftReference.WEEKDAYS);
    }
    baselines.values().stream()
        .filter(baseline -> baseline.subject().equals(subject))
        .forEach(baseline -> references.add(DriftReference.baseline(baseline.name())));
    return references;
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
    return drift(filter).limit(limit).toList();
  }

  List<DriftRecord> alerts(DayFilter filter) {
    return drift(filter).filter(DriftRecord::alert).toList();
  }

  private Stream<DriftRecord> drift(DayFilter filter) {
    return days.subMap(filter.from(), true, filter.to(), true).values().stream()
        .flatMap(day -> day.drift.stream())
        .filter(one -> filter.includes(one.date(), one.org(), one.modelId()))
        .sorted(DriftRecord.NEWEST_FIRST);
  }

  Optional<DriftComparison> comparison(
      LocalDate date, DriftSubject subject, DriftReference reference) {
    Day day = days.get(date);
    return day == null
        ? Optional.empty()
        : DriftComparison.of(
            subject,
            reference(date, subject, reference).values(),
            day.values.getOrDefault(subject, DayValues.none()).values());
  }

  DayValues stored(DriftSubject subject, LocalDate from, LocalDate to) {
    return from.datesUntil(to.plusDays(1))
        .map(day -> valuesOf(day, subject))
        .reduce(DayValues.none(), DayValues::merge);
  }

  void put(DriftBaseline baseline) {
    removeComparisons(baseline.name(), baseline.subject());
    baselines.put(new BaselineKey(baseline.name(), baseline.subject()), baseline);
    LocalDate to = baseline.to();
    (to == null ? days : days.tailMap(to, false))
        .values()
        .forEach(later -> later.referenceChanged = true);
  }

  List<DriftBaseline> baselines() {
    return baselines.values().stream().sorted(DriftBaseline.BY_NAME).toList();
  }

  boolean removeBaseline(String name, DriftSubject subject) {
    removeComparisons(name, subject);
    return baselines.remove(new BaselineKey(name, subject)) != null;
  }

  private void removeComparisons(String baseline, DriftSubject subject) {
    DriftReference reference = DriftReference.baseline(baseline);
    for (Day day : days.values()) {
      day.drift.removeIf(one -> one.reference().equals(reference) && one.subject().equals(subject));
    }
  }

  void keepAsTheyAreBefore(Instant timestamp) {
    LocalDate first = LocalDate.ofInstant(timestamp, ZoneOffset.UTC);
    boolean whole = first.atStartOfDay(ZoneOffset.UTC).toInstant().equals(timestamp);
    LocalDate firstWhole = whole ? first : first.plusDays(1);
    edge = firstWhole.isAfter(edge) ? firstWhole : edge;
  }

  private DayValues reference(LocalDate date, DriftSubject subject, DriftReference reference) {
    if (reference.isBaseline()) {
      return baselines.values().stream()
          .filter(one -> one.subject().equals(subject))
          .filter(one -> DriftReference.baseline(one.name()).equals(reference))
          .findFirst()
          .map(DriftBaseline::values)
          .orElse(DayValues.none());
    }
    return reference.before(date).stream()
        .map(day -> valuesOf(day, subject))
        .reduce(DayValues.none(), DayValues::merge);
  }

  private DayValues valuesOf(LocalDate date, DriftSubject subject) {
    Day day = days.get(date);
    return day == null ? DayValues.none() : day.values.getOrDefault(subject, DayValues.none());
  }

  private record BaselineKey(String name, DriftSubject subject) {}

  private static final class Day {
    private final long events;
    private final long revision;
    private final List<DailyAggregate> aggregates = new ArrayList<>();
    private final List<DriftRecord> drift = new ArrayList<>();
    private final Map<DriftSubject, DayValues> values = new LinkedHashMap<>();
    private boolean referenceChanged;

    Day(long events, long revision) {
      this.events = events;
      this.revision = revision;
    }
  }
}
