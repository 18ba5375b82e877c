package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.TelemetryStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageRollups;
import ai.pediscreen.telemetry.usage.spi.UsageSeries;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps figures of any number of events in memory, and the newest events themselves.
 *
 * <p>Figures come from rollups by minute (two days), hour (100 days) and day, the same as
 * PostgreSQL's: counts, costs and latencies are exact for every window, whatever was forgotten of
 * the events. From the events that are still kept come the calls that {@link #errors} and {@link
 * #fallbacks} list, the recognition of duplicates, and {@link #days}: a day whose events were not
 * all kept is not computed any more. An event that was forgotten and is sent again counts again.
 *
 * <p>Thread-safe: one lock guards all of it, and is held for the time of models × hours. Names of
 * models, reasons and organisations are not bounded; what a program sends of its own accord is few.
 */
public final class InMemoryStore implements TelemetryStore, EventStore, UsageQueries {

  private static final Duration KEPT = Duration.ofDays(90);

  private final InstantSource clock;
  private final NewestEvents newest;
  private final UsageRollups rollups = new UsageRollups();
  private final StoredDays days;

  private InMemoryStore(int events, Duration kept, InstantSource clock) {
    this.clock = clock;
    this.newest = new NewestEvents(events, kept);
    this.days = new StoredDays(this, newest, clock, DriftSettings.standard());
  }

  /**
   * An empty one that keeps so many events, the newest by their timestamp, for 90 days at most.
   *
   * @param events at least 1
   */
  public static InMemoryStore bounded(int events) {
    return bounded(events, KEPT, InstantSource.system());
  }

  /**
   * An empty one.
   *
   * @param events how many events are kept, at least 1
   * @param kept for how long, over 0
   * @param clock says how old an event is and which days are over
   */
  public static InMemoryStore bounded(int events, Duration kept, InstantSource clock) {
    if (events < 1) {
      throw new IllegalArgumentException("events must be at least 1 but is " + events);
    }
    if (kept.isNegative() || kept.isZero()) {
      throw new IllegalArgumentException("kept must be over 0 but is " + kept);
    }
    return new InMemoryStore(events, kept, clock);
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> batch) {
    List<Receipt> receipts = new ArrayList<>(batch.size());
    Map<@Nullable String, UsageDelta> deltas = new HashMap<>();
    synchronized (this) {
      for (ScopedEvent scoped : batch) {
        TelemetryEvent event = scoped.event();
        boolean fresh = newest.add(event);
        receipts.add(fresh ? Receipt.accepted() : Receipt.duplicate());
        if (fresh) {
          deltas.computeIfAbsent(event.orgId(), unused -> new UsageDelta()).add(event);
        }
      }
      Instant now = clock.instant();
      deltas.forEach((orgId, delta) -> rollups.add(orgId, delta, now));
      forgetEvents(now);
    }
    return receipts;
  }

  /** How many events are kept. */
  public synchronized int kept() {
    return newest.size();
  }

  @Override
  public Overview overview(UsageFilter filter) {
    return summary(filter).overview();
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    return summary(filter).models(limit);
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
  public synchronized List<UsagePoint> series(UsageFilter filter) {
    UsageSeries series = new UsageSeries(filter.window());
    Instant covered = coveredUntil(filter);
    rollups.addTo(series, filter, covered);
    UsageTally rest = new UsageTally();
    forEachAfter(filter, covered, rest::add);
    series.add(filter.window().until(), rest);
    return series.points();
  }

  @Override
  public synchronized List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    return rollups.organisations(org, after, limit);
  }

  @Override
  public EventStore events() {
    return this;
  }

  @Override
  public Optional<UsageQueries> usage() {
    return Optional.of(this);
  }

  @Override
  public Optional<DailyAggregateStore> days() {
    return Optional.of(days);
  }

  @Override
  public synchronized void maintain() {
    Instant now = clock.instant();
    rollups.forget(now);
    forgetEvents(now);
  }

  /** Nothing is held but memory. */
  @Override
  public void close() {}

  private void forgetEvents(Instant now) {
    Instant forgotten = newest.forget(now);
    if (forgotten != null) {
      days.haveLost(forgotten);
    }
  }

  private synchronized CallReport report(
      UsageFilter filter, UsageLabel.Kind kind, Predicate<TelemetryEvent> wanted, int limit) {
    UsageSummary.requireLimit(limit);
    List<Call> calls =
        newest
            .newestFirst(filter.window().until())
            .takeWhile(event -> !event.timestamp().isBefore(filter.window().since()))
            .filter(event -> wanted.test(event) && filter.includes(event))
            .limit(limit)
            .map(Call::of)
            .toList();
    return summary(filter).report(kind, calls);
  }

  private synchronized UsageSummary summary(UsageFilter filter) {
    UsageSummary summary = new UsageSummary(filter);
    Instant covered = coveredUntil(filter);
    rollups.addTo(summary, filter, covered);
    forEachAfter(
        filter,
        covered,
        event -> {
          UsageTally tally = new UsageTally();
          tally.add(event);
          summary.add(event.day(), event.modelId(), tally);
          UsageLabel.of(event)
              .forEach(label -> summary.add(event.modelId(), label, 1, event.timestamp()));
        });
    return summary;
  }

  /** How far rows count nothing that lies after the window. */
  private Instant coveredUntil(UsageFilter filter) {
    Instant until = filter.window().until();
    Instant end = filter.window().end();
    return RollupWidth.endAt(end, clock.instant())
        ? end
        : RollupWidth.coveredUntil(until, newest.firstAfter(until));
  }

  /** The events between the rows and the end of the window: less than a minute. */
  private void forEachAfter(
      UsageFilter filter, Instant covered, Consumer<TelemetryEvent> consumer) {
    if (!covered.isAfter(filter.window().until())) {
      newest.from(covered, filter.window().until()).filter(filter::includes).forEach(consumer);
    }
  }
}
