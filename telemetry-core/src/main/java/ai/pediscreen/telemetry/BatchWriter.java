package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.OutageLog;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.job.ExponentialBackoff;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings batches into the store: redacts what identifies persons, retries while the store is
 * unavailable, and isolates an event that the store fails on. Thread-safe.
 */
final class BatchWriter {

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");
  private static final ExponentialBackoff PAUSES =
      new ExponentialBackoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  private static final ExponentialBackoff PAUSES_AT_END =
      new ExponentialBackoff(Duration.ofMillis(100), Duration.ofMillis(250));

  /**
   * After so many failures a batch is split in halves: a store that fails now and then accepts a
   * smaller one sooner.
   */
  private static final int TRIES_IN_ONE_PIECE = 2;

  private static final Drop FAILED = Drop.refused("the store failed on it");

  /** Receives the outcome of an event: the store's receipt, or why it was dropped. */
  @FunctionalInterface
  interface Outcome {
    void settle(Batch batch, int index, @Nullable Receipt receipt, Drop drop);
  }

  /** An event of a batch by its place there. */
  private record Part(int index, ScopedEvent event) {}

  private final OutageLog store;
  private final PhiGuard guard;
  private final long retryForNanos;
  private final Outcome outcome;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  BatchWriter(EventStore store, PhiGuard guard, Duration retryFor, Outcome outcome) {
    this.store = new OutageLog(store, "are kept");
    this.guard = guard;
    this.retryForNanos = TimeUnit.NANOSECONDS.convert(retryFor);
    this.outcome = outcome;
  }

  /** Whether the store could not store the last events. */
  boolean isUnavailable() {
    return store.isUnavailable();
  }

  /** From now on pauses are short. */
  void end() {
    ending.countDown();
  }

  /** From now on nothing is retried. */
  void stop() {
    ending.countDown();
    stopped.countDown();
  }

  /** Settles every event of a batch; may take as long as the retries. */
  void write(Batch batch) {
    try {
      append(batch, guarded(batch), System.nanoTime(), 0);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "telemetry events could not be stored", e);
    }
    for (int i = 0; i < batch.size(); i++) {
      outcome.settle(batch, i, null, FAILED);
    }
  }

  private List<Part> guarded(Batch batch) {
    List<Part> parts = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      try {
        TelemetryEvent event = guard.apply(batch.event(i));
        parts.add(new Part(i, new ScopedEvent(OrgPermission.all(), event)));
      } catch (InvalidEventException e) {
        Drop drop = new Drop(DropReason.REFUSED, e.getMessage(), e);
        outcome.settle(batch, i, null, drop);
      }
    }
    return parts;
  }

  private void append(Batch batch, List<Part> parts, long begun, int failuresBefore) {
    if (parts.isEmpty()) {
      return;
    }
    List<ScopedEvent> events = parts.stream().map(Part::event).toList();
    for (int failures = failuresBefore + 1; ; failures++) {
      try {
        List<Receipt> receipts = store.append(events);
        settle(batch, parts, receipts);
        return;
      } catch (StoreUnavailableException e) {
        if (isOver(stopped) || System.nanoTime() - begun > retryForNanos) {
          DropReason reason = isOver(stopped) ? DropReason.CLOSED : DropReason.RETRIES_EXHAUSTED;
          Drop drop = new Drop(reason, null, e);
          parts.forEach(part -> outcome.settle(batch, part.index(), null, drop));
          return;
        }
        pause(failures, e.retryAfter().orElse(Duration.ZERO));
        if (failures % TRIES_IN_ONE_PIECE == 0 && parts.size() > 1) {
          appendHalves(batch, parts, begun, failures);
          return;
        }
      } catch (RuntimeException e) {
        isolate(batch, parts, begun, e);
        return;
      }
    }
  }

  private void appendHalves(Batch batch, List<Part> parts, long begun, int failures) {
    int half = parts.size() / 2;
    append(batch, parts.subList(0, half), begun, failures);
    append(batch, parts.subList(half, parts.size()), begun, 0);
  }

  /** One event may cause the failure of all: halving finds it, and its neighbours are stored. */
  private void isolate(Batch batch, List<Part> parts, long begun, RuntimeException failure) {
    if (parts.size() == 1) {
      LOG.log(Level.WARNING, "the store failed on one telemetry event; it is dropped", failure);
      String detail = "the store failed on it: " + failure.getClass().getName();
      Drop drop = new Drop(DropReason.REFUSED, detail, failure);
      outcome.settle(batch, parts.get(0).index(), null, drop);
    } else {
      appendHalves(batch, parts, begun, 0);
    }
  }

  private void settle(Batch batch, List<Part> parts, List<Receipt> receipts) {
    for (int i = 0; i < parts.size(); i++) {
      outcome.settle(batch, parts.get(i).index(), receipts.get(i), FAILED);
    }
  }

  private void pause(int failures, Duration atLeast) {
    boolean atEnd = isOver(ending);
    Duration longest = (atEnd ? PAUSES_AT_END : PAUSES).after(failures);
    long millis = ThreadLocalRandom.current().nextLong(1, longest.toMillis() + 1);
    if (!atEnd) {
      millis += atLeast.toMillis();
    }
    try {
      boolean unused = (atEnd ? stopped : ending).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Only close() stops this thread, by a flag: an interrupt from elsewhere loses nothing.
      LOG.log(Level.DEBUG, "interrupted while the store is unavailable");
    }
  }

  private static boolean isOver(CountDownLatch latch) {
    return latch.getCount() == 0;
  }
}
