package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftComparison;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.EventPosition;
import ai.pediscreen.telemetry.usage.spi.EventQuery;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.FirstSeen;
import ai.pediscreen.telemetry.usage.spi.LabelCalls;
import ai.pediscreen.telemetry.usage.spi.LabelSeries;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageLabel.Kind;
import ai.pediscreen.telemetry.usage.spi.UsageSeries;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every event in memory and answers each query by reading them all: exact, simple, and as
 * large as its content. A program that runs for long must call {@link #removeBefore} now and then.
 *
 * <p>Thread-safe: one lock guards all of it.
 */
public final class InMemoryTelemetry
    implements EventStore,
        EventArchive,
        EventSearch,
        UsageQueries,
        UsageChanges,
        ModelHistory,
        DailyAggregateStore,
        DriftBaselines {

  private static final Comparator<EventPosition> NEWEST_FIRST =
      Comparator.comparing(EventPosition::timestamp)
          .thenComparing(
              position -> position.orgId() == null ? "" : position.orgId(),
              UsageQueries.BY_CODE_POINT)
          .thenComparing(EventPosition::eventId, UsageQueries.BY_CODE_POINT)
          .reversed();

  private final Map<Identity, TelemetryEvent> events = new LinkedHashMap<>();
  private final Map<OrgScope, Long> eventsEver = new HashMap<>();
  private final InMemoryDays days;
  private final InstantSource clock;

  /** Empty, with the system's clock. */
  public InMemoryTelemetry() {
    this(InstantSource.system());
  }

  /**
   * Empty.
   *
   * @param clock says which days are over
   */
  public InMemoryTelemetry(InstantSource clock) {
    this(clock, DriftSettings.standard());
  }

  /**
   * Empty.
   *
   * @param clock says which days are over
   * @param settings what is watched for drift
   */
  public InMemoryTelemetry(InstantSource clock, DriftSettings settings) {
    this.clock = clock;
    this.days = new InMemoryDays(settings);
  }

  @Override
  public synchronized List<Receipt> append(List<ScopedEvent> batch) {
    List<Receipt> receipts = new ArrayList<>(batch.size());
    for (ScopedEvent scoped : batch) {
      TelemetryEvent event = scoped.event();
      boolean fresh =
          events.putIfAbsent(new Identity(event.orgId(), event.eventId()), event) == null;
      receipts.add(fresh ? Receipt.accepted() : Receipt.duplicate());
      if (fresh) {
        eventsEver.merge(OrgScope.all(), 1L, Long::sum);
        if (event.orgId() != null) {
          eventsEver.merge(OrgScope.of(event.orgId()), 1L, Long::sum);
        }
      }
    }
    return receipts;
  }

  @Override
  public synchronized List<TelemetryEvent> page(
      EventSelection selection, @Nullable TelemetryEvent after, int limit) {
    return events.values().stream()
        .filter(selection::includes)
        .filter(event -> after == null || ORDER.compare(event, after) > 0)
        .sorted(ORDER)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<TelemetryEvent> newest(
      EventQuery query, @Nullable EventPosition before, int limit) {
    return events.values().stream()
        .filter(query::includes)
        .filter(
            event -> before == null || NEWEST_FIRST.compare(EventPosition.of(event), before) > 0)
        .sorted(Comparator.comparing(EventPosition::of, NEWEST_FIRST))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<FirstSeen> firstSeen(OrgFilter org, String modelId, int limit) {
    Map<UsageLabel, Instant> first = new HashMap<>();
    for (TelemetryEvent event : events.values()) {
      if (org.includes(event.orgId()) && modelId.equals(event.modelId())) {
        Instant hour = event.timestamp().truncatedTo(ChronoUnit.HOURS);
        UsageLabel.of(event).forEach(label -> first.merge(label, hour, InMemoryTelemetry::earlier));
      }
    }
    return first.entrySet().stream()
        .map(entry -> new FirstSeen(entry.getKey().kind(), entry.getKey().name(), entry.getValue()))
        .filter(one -> one.kind() == Kind.ADAPTER || one.kind() == Kind.PROVIDER)
        .sorted(
            Comparator.comparing(FirstSeen::since)
                .reversed()
                .thenComparing(FirstSeen::kind)
                .thenComparing(FirstSeen::name, UsageQueries.BY_CODE_POINT))
        .limit(limit)
        .toList();
  }

  @Override
  public List<LabelCalls> calls(UsageFilter filter, Kind kind, int limit) {
    LabelSeries series = new LabelSeries(filter.window());
    for (TelemetryEvent event : matching(filter)) {
      UsageLabel.of(event).stream()
          .filter(label -> label.kind() == kind)
          .forEach(label -> series.add(event.timestamp(), label.name(), 1));
    }
    return series.largest(limit);
  }

  @Override
  public synchronized long events(OrgFilter org) {
    return eventsEver.getOrDefault(org.scope(), 0L);
  }

  @Override
  public Overview overview(UsageFilter filter) {
    return summary(filter, matching(filter)).overview();
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    return summary(filter, matching(filter)).models(limit);
  }

  @Override
  public CallReport errors(UsageFilter filter, int limit) {
    return report(filter, UsageLabel.Kind.ERROR, TelemetryEvent::isError, limit);
  }

  @Override
  public CallReport fallbacks(UsageFilter filter, int limit) {
    return report(filter, UsageLabel.Kind.FALLBACK, TelemetryEvent::isFallback, limit);
  }

  @Override
  public List<UsagePoint> series(UsageFilter filter) {
    UsageStep step = UsageStep.of(filter.window());
    Map<Instant, UsageTally> tallies = new HashMap<>();
    for (TelemetryEvent event : matching(filter)) {
      tallies.computeIfAbsent(step.start(event.timestamp()), key -> new UsageTally()).add(event);
    }
    UsageSeries series = new UsageSeries(filter.window());
    tallies.forEach(series::add);
    return series.points();
  }

  @Override
  public synchronized List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    return events.values().stream()
        .flatMap(event -> Stream.ofNullable(event.orgId()))
        .filter(org::includes)
        .filter(one -> after == null || UsageQueries.BY_CODE_POINT.compare(one, after) > 0)
        .distinct()
        .sorted(UsageQueries.BY_CODE_POINT)
        .limit(limit)
        .toList();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public synchronized List<LocalDate> due() {
    return days.due(events.values(), today());
  }

  @Override
  public synchronized int compute(LocalDate day) {
    if (!day.isBefore(today())) {
      throw new DayNotOverException(day);
    }
    return days.compute(events.values(), day);
  }

  @Override
  public synchronized List<ComputedDay> computed(LocalDate from, LocalDate to) {
    return days.computed(from, to);
  }

  @Override
  public synchronized List<DailyAggregate> aggregates(DayFilter filter) {
    return days.aggregates(filter);
  }

  @Override
  public synchronized List<DriftRecord> drift(DayFilter filter, int limit) {
    return days.drift(filter, limit);
  }

  @Override
  public synchronized List<DriftRecord> alerts(DayFilter filter) {
    return days.alerts(filter);
  }

  @Override
  public synchronized Optional<DriftComparison> comparison(
      LocalDate day, DriftSubject subject, DriftReference reference) {
    return days.comparison(day, subject, reference);
  }

  @Override
  public synchronized DayValues stored(DriftSubject subject, LocalDate from, LocalDate to) {
    return days.stored(subject, from, to);
  }

  @Override
  public synchronized void put(DriftBaseline baseline) {
    days.put(baseline);
  }

  @Override
  public synchronized List<DriftBaseline> list() {
    return days.baselines();
  }

  @Override
  public synchronized boolean remove(String name, DriftSubject subject) {
    return days.removeBaseline(name, subject);
  }

  /**
   * Forgets every event with an earlier timestamp; sent again, it would count again. Aggregates of
   * days stay.
   */
  public synchronized void removeBefore(Instant timestamp) {
    events.values().removeIf(event -> event.timestamp().isBefore(timestamp));
    days.keepAsTheyAreBefore(timestamp);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private CallReport report(
      UsageFilter filter, UsageLabel.Kind kind, Predicate<TelemetryEvent> wanted, int limit) {
    UsageSummary.requireLimit(limit);
    List<TelemetryEvent> matching = matching(filter);
    List<Call> newest =
        matching.stream()
            .filter(wanted)
            .map(Call::of)
            .sorted(Call.NEWEST_FIRST)
            .limit(limit)
            .toList();
    return summary(filter, matching).report(kind, newest);
  }

  private static UsageSummary summary(UsageFilter filter, List<TelemetryEvent> matching) {
    UsageSummary summary = new UsageSummary(filter);
    Map<DayAndModel, UsageTally> tallies = new HashMap<>();
    for (TelemetryEvent event : matching) {
      tallies
          .computeIfAbsent(new DayAndModel(event.day(), event.modelId()), key -> new UsageTally())
          .add(event);
      for (UsageLabel label : UsageLabel.of(event)) {
        summary.add(event.modelId(), label, 1, event.timestamp());
      }
    }
    tallies.forEach((key, tally) -> summary.add(key.day(), key.modelId(), tally));
    return summary;
  }

  private synchronized List<TelemetryEvent> matching(UsageFilter filter) {
    return events.values().stream().filter(filter::includes).toList();
  }

  private record Identity(@Nullable String orgId, String eventId) {}

  private record DayAndModel(LocalDate day, @Nullable String modelId) {}
}
