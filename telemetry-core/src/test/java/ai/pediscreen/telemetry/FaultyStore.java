package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A store in memory that can be away, hang, or choke on single events. */
final class FaultyStore implements TelemetryStore, EventStore {

  static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  final InMemoryTelemetry kept = new InMemoryTelemetry(() -> NOW);
  final AtomicInteger appends = new AtomicInteger();
  final AtomicInteger maintained = new AtomicInteger();
  final Set<String> chokesOn = ConcurrentHashMap.newKeySet();
  final Set<String> refuses = ConcurrentHashMap.newKeySet();
  final Set<Thread> writers = ConcurrentHashMap.newKeySet();
  volatile boolean away;

  /** With more at once it fails, as a server does that answers each of several requests by luck. */
  volatile int mostAtOnce = Integer.MAX_VALUE;

  volatile boolean hanging;
  volatile boolean closed;
  @Nullable ExportQueue exports;
  private final CountDownLatch released = new CountDownLatch(1);

  void release() {
    hanging = false;
    released.countDown();
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    appends.incrementAndGet();
    writers.add(Thread.currentThread());
    awaitRelease();
    if (away || events.size() > mostAtOnce) {
      throw new StoreUnavailableException("away");
    }
    if (events.stream().anyMatch(event -> chokesOn.contains(event.event().eventId()))) {
      throw new IllegalStateException("choked");
    }
    List<Receipt> receipts = kept.append(events);
    return IntStream.range(0, events.size())
        .mapToObj(
            i ->
                refuses.contains(events.get(i).event().eventId())
                    ? Receipt.refused("no")
                    : receipts.get(i))
        .toList();
  }

  List<String> ids() {
    return kept.page(everything(), null, Integer.MAX_VALUE).stream()
        .map(TelemetryEvent::eventId)
        .sorted()
        .toList();
  }

  static EventSelection everything() {
    return new EventSelection(
        OrgFilter.all(),
        null,
        Instant.parse("2000-01-01T00:00:00Z"),
        Instant.parse("2199-01-01T00:00:00Z"));
  }

  private void awaitRelease() {
    while (hanging) {
      try {
        released.await();
      } catch (InterruptedException e) {
        // A store that hangs does not listen.
      }
    }
  }

  @Override
  public EventStore events() {
    return this;
  }

  @Override
  public Optional<UsageQueries> usage() {
    return Optional.of(kept);
  }

  @Override
  public Optional<DailyAggregateStore> days() {
    return Optional.of(kept);
  }

  @Override
  public Optional<ExportQueue> exports() {
    return Optional.ofNullable(exports);
  }

  @Override
  public void maintain() {
    maintained.incrementAndGet();
  }

  @Override
  public void close() {
    awaitRelease();
    closed = true;
  }
}
