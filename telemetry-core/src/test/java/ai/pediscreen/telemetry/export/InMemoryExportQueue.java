package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A queue in memory, for tests of what stands on one. One lock guards all of it. */
public final class InMemoryExportQueue implements ExportQueue {

  private static final JsonMapper JSON = new JsonMapper();

  private final Map<EventReference, TelemetryEvent> events = new LinkedHashMap<>();
  private final List<EventReference> line = new ArrayList<>();
  private final Set<EventReference> queued = new HashSet<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final TreeMap<LocalDate, DayToExport> days = new TreeMap<>();
  private final Map<LocalDate, Long> exported = new LinkedHashMap<>();
  private @Nullable ExportBatch stored;
  private @Nullable StreamPosition end;
  private @Nullable Lease lease;
  private boolean unavailable;

  /** Keeps an event, and puts it in line if export is on. */
  public synchronized void append(TelemetryEvent event, boolean exporting) {
    EventReference reference = EventReference.of(event);
    events.put(reference, event);
    if (exporting && queued.add(reference)) {
      line.add(reference);
    }
  }

  /** Forgets an event that may still wait. */
  public synchronized void forget(TelemetryEvent event) {
    events.remove(EventReference.of(event));
  }

  /** A day was computed. */
  public synchronized void computed(DayToExport day) {
    days.put(day.day().date(), day);
  }

  public synchronized List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** From now on every call fails, or none does any more. */
  public synchronized void unavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized Optional<ExportLease> tryLease() {
    check();
    if (lease != null) {
      return Optional.empty();
    }
    lease = new Lease();
    return Optional.of(lease);
  }

  @Override
  public synchronized Backlog backlog() {
    check();
    int waiting = line.size() + (stored == null ? 0 : stored.rows().count());
    return new Backlog(
        waiting, waiting == 0 ? Duration.ZERO : Duration.ofSeconds(1), deadLetters.size());
  }

  @Override
  public synchronized Enqueued enqueue(LocalDate day, @Nullable Instant after) {
    check();
    int count = 0;
    for (EventReference one : events.keySet()) {
      if (LocalDate.ofInstant(one.timestamp(), ZoneOffset.UTC).equals(day) && queued.add(one)) {
        line.add(one);
        count++;
      }
    }
    return new Enqueued(count, null);
  }

  private static @Nullable String json(@Nullable TelemetryEvent event) {
    try {
      return event == null ? null : JSON.writeValueAsString(event.toMap());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds only JSON values", e);
    }
  }

  private void check() {
    if (unavailable) {
      throw new StoreUnavailableException("away");
    }
  }

  private final class Lease implements ExportLease {

    private void checkLease() {
      check();
      if (lease != this) {
        throw new StoreUnavailableException("the lease is lost");
      }
    }

    @Override
    public Optional<ExportBatch> stored() {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        return Optional.ofNullable(stored);
      }
    }

    @Override
    public Optional<StreamPosition> end() {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        return stored == null ? Optional.ofNullable(end) : Optional.of(stored.end());
      }
    }

    @Override
    public List<WaitingEvent> waiting(int limit) {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        return line.stream()
            .limit(limit)
            .map(one -> new WaitingEvent(one, json(events.get(one))))
            .toList();
      }
    }

    @Override
    public void store(@Nullable ExportBatch next, int taken, List<DeadLetter> refused) {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        end = end().orElse(null);
        stored = next;
        line.subList(0, taken).clear();
        deadLetters.addAll(refused);
      }
    }

    @Override
    public void discard(List<DeadLetter> refused) {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        end = stored == null ? end : stored.position();
        stored = null;
        deadLetters.addAll(refused);
      }
    }

    @Override
    public Optional<DayToExport> day() {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        return days.values().stream()
            .filter(one -> one.day().revision() > exported.getOrDefault(one.day().date(), 0L))
            .findFirst();
      }
    }

    @Override
    public void exported(DayToExport day) {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
        exported.merge(day.day().date(), day.day().revision(), Math::max);
      }
    }

    @Override
    public void renew() {
      synchronized (InMemoryExportQueue.this) {
        checkLease();
      }
    }

    @Override
    public void close() {
      synchronized (InMemoryExportQueue.this) {
        if (lease == this) {
          lease = null;
        }
      }
    }
  }
}
