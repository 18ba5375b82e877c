package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest events by their timestamp, each once. One table in the order of time, and one by
 * identity: about 100 bytes an event beside its fields.
 *
 * <p>Not safe for use by several threads at once.
 */
final class NewestEvents {

  /** An event by what it is known by. */
  private static final class Identity {
    private final TelemetryEvent event;

    Identity(TelemetryEvent event) {
      this.event = event;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity that
          && event.eventId().equals(that.event.eventId())
          && Objects.equals(event.orgId(), that.event.orgId());
    }

    @Override
    public int hashCode() {
      return 31 * event.eventId().hashCode() + Objects.hashCode(event.orgId());
    }
  }

  /** As {@link ai.pediscreen.telemetry.usage.Call#NEWEST_FIRST}. */
  private static final Comparator<TelemetryEvent> NEWEST_FIRST =
      Comparator.comparing(TelemetryEvent::timestamp)
          .reversed()
          .thenComparing(TelemetryEvent::eventId, UsageQueries.BY_CODE_POINT)
          .thenComparing(
              event -> event.orgId() == null ? "" : event.orgId(), UsageQueries.BY_CODE_POINT);

  /** No event is earlier. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final int most;
  private final Duration kept;
  private final Set<Identity> known = new HashSet<>();
  private final TreeMap<TelemetryEvent, TelemetryEvent> byTime = new TreeMap<>(NEWEST_FIRST);

  NewestEvents(int most, Duration kept) {
    this.most = most;
    this.kept = kept;
  }

  /** Adds an event, and says whether it is none of those that are kept already. */
  boolean add(TelemetryEvent event) {
    boolean fresh = known.add(new Identity(event));
    if (fresh) {
      byTime.put(event, event);
    }
    return fresh;
  }

  int size() {
    return byTime.size();
  }

  Collection<TelemetryEvent> all() {
    return byTime.keySet();
  }

  /** Forgets the oldest that are too many or too old; the newest of them, or null for none. */
  @Nullable Instant forget(Instant now) {
    Instant before = now.minus(kept);
    Instant newest = null;
    while (!byTime.isEmpty()
        && (byTime.size() > most || byTime.lastKey().timestamp().isBefore(before))) {
      TelemetryEvent oldest = byTime.lastKey();
      byTime.remove(oldest);
      known.remove(new Identity(oldest));
      newest = oldest.timestamp();
    }
    return newest;
  }

  /** The timestamp of the first event after an instant; null if there is none. */
  @Nullable Instant firstAfter(Instant instant) {
    TelemetryEvent found = byTime.lowerKey(newestOf(instant));
    return found == null ? null : found.timestamp();
  }

  /** Those up to an instant, included, newest first. */
  Stream<TelemetryEvent> newestFirst(Instant until) {
    return byTime.tailMap(newestOf(until), true).keySet().stream();
  }

  /** Those from an instant to another, both included. */
  Stream<TelemetryEvent> from(Instant since, Instant until) {
    return newestFirst(until).takeWhile(event -> !event.timestamp().isBefore(since));
  }

  /** What is before all others of an instant, or equal to the first: no id begins with less. */
  private static TelemetryEvent newestOf(Instant instant) {
    return TelemetryEvent.builder("!", instant.isBefore(EARLIEST) ? EARLIEST : instant).build();
  }
}
