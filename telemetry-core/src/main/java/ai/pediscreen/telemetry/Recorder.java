package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.job.Daemon;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Accepts events and has them stored: a bounded queue, and threads that empty it in batches. A
 * batch is taken in the order of recording; with several threads batches may overtake each other.
 */
final class Recorder {

  /** A batch ends with so many events, or bytes. */
  static final int MAX_BATCH = 1_000;

  private static final long MAX_BATCH_BYTES = 4L << 20;

  /** So many waiting events wake a thread; fewer wait for its next look. */
  private static final int MOST_UNSEEN = 256;

  /** A thread is woken before more than this part of the queue waits. */
  private static final int UNSEEN_PART = 4;

  private static final long LOOK_EVERY_MILLIS = 100;

  private final EventRing ring;
  private final long maxBytes;
  private final int maxEventBytes;
  private final int wakeAt;
  private final long wakeAtBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  /** Those of the held bytes that were taken from the queue. */
  private final AtomicLong takenBytes = new AtomicLong();

  private final LongAdder delivered = new LongAdder();
  private final Drops drops;
  private final BatchWriter writer;

  /** Whether a waiting thread may need to be woken by an offer. */
  private final AtomicBoolean wakeable = new AtomicBoolean();

  /** Whether a caller waits for what is in the queue, however little it is. */
  private volatile boolean urgent;

  private final Semaphore bell = new Semaphore(0);

  /** The lock for taking from the queue; guards what is being stored. */
  private final Object takeLock = new Object();

  private final Set<Batch> underWay = new HashSet<>();

  Recorder(TelemetryBuilder settings, EventStore store, PhiGuard guard, Drops drops) {
    this.ring = new EventRing(settings.queue);
    this.maxBytes = settings.queueBytes;
    this.maxEventBytes = settings.eventBytes;
    this.wakeAt = Math.max(1, Math.min(MOST_UNSEEN, settings.queue / UNSEEN_PART));
    this.wakeAtBytes = Math.min(MAX_BATCH_BYTES, maxBytes / UNSEEN_PART);
    this.drops = drops;
    this.writer = new BatchWriter(store, guard, settings.retryFor, this::settle);
    for (int i = 1; i <= settings.committers; i++) {
      Daemon.start("telemetry-committer-" + i, this::run);
    }
  }

  boolean record(TelemetryEvent event) {
    DropReason reason = offer(event, event);
    if (reason != null) {
      drops.count(reason, 1);
    }
    return reason == null;
  }

  CompletionStage<Receipt> recordDurably(TelemetryEvent event) {
    CompletableFuture<Receipt> result = new CompletableFuture<>();
    DropReason reason = offer(event, new Batch.Awaited(event, result));
    if (reason == null) {
      writeNow();
    } else {
      drops.count(reason, 1);
      result.completeExceptionally(new EventDroppedException(reason));
    }
    // A separate stage, so that a caller cannot complete it for others.
    return result.minimalCompletionStage();
  }

  /** Null if the event was accepted, else why not. */
  private @Nullable DropReason offer(TelemetryEvent event, Object entry) {
    int bytes = event.approximateBytes();
    if (bytes > maxEventBytes) {
      return DropReason.TOO_LARGE;
    }
    boolean room = heldBytes.addAndGet(bytes) <= maxBytes;
    EventRing.Offer offer = room ? ring.offer(entry) : EventRing.Offer.FULL;
    if (offer != EventRing.Offer.TAKEN) {
      heldBytes.addAndGet(-bytes);
      if (wakeable.get() && ring.waiting() > 0) {
        wake();
      }
      return offer == EventRing.Offer.CLOSED || ring.isClosed()
          ? DropReason.CLOSED
          : DropReason.FULL;
    }
    if (wakeable.get() && isMuchWaiting()) {
      wake();
    }
    return null;
  }

  private boolean isMuchWaiting() {
    return ring.waiting() >= wakeAt || heldBytes.get() - takenBytes.get() >= wakeAtBytes;
  }

  Delivery delivery() {
    return new Delivery(delivered.sum(), ring.held(), drops.total());
  }

  boolean isUnavailable() {
    return writer.isUnavailable();
  }

  /** Whether events wait to be stored. */
  boolean isBusy() {
    return ring.waiting() > 0;
  }

  /**
   * Waits until everything that was recorded before is stored or dropped, or time is up, or the
   * thread is interrupted.
   */
  void flush(Duration patience) {
    try {
      awaitSettled(System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitSettled(long deadline) throws InterruptedException {
    long upTo = ring.offered();
    synchronized (takeLock) {
      while (!isDone(upTo)) {
        writeNow();
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        takeLock.wait(Math.min(LOOK_EVERY_MILLIS, left / 1_000_000 + 1));
      }
    }
  }

  private boolean isDone(long upTo) {
    return ring.taken() >= upTo && underWay.stream().allMatch(batch -> batch.from() >= upTo);
  }

  /**
   * Accepts no more, stores what it can until the timeout, and drops the rest. An interrupt of the
   * thread is kept for afterwards.
   */
  void close(Duration patience) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    ring.close();
    writer.end();
    drain(deadline);
    writer.stop();
    List<Batch> left = new ArrayList<>();
    synchronized (takeLock) {
      left.addAll(underWay);
      for (Batch batch = take(); batch != null; batch = take()) {
        left.add(batch);
      }
    }
    for (Batch batch : left) {
      for (int i = 0; i < batch.size(); i++) {
        settle(batch, i, null, Drop.CLOSED);
      }
    }
    writeNow();
  }

  private void drain(long deadline) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        awaitSettled(deadline);
        ended = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (true) {
      Batch batch;
      synchronized (takeLock) {
        batch = take();
      }
      if (batch != null) {
        if (isMuchWaiting()) {
          wake();
        }
        writer.write(batch);
      } else if (ring.isClosed() && ring.waiting() == 0) {
        return;
      } else {
        await();
      }
    }
  }

  /** Waits until enough is queued, a caller waits for it, or a short time has passed. */
  private void await() {
    wakeable.set(true);
    if (!isMuchWaiting() && !urgent) {
      try {
        boolean unused = bell.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        // Only the end stops this thread: an interrupt from elsewhere loses nothing.
        wakeable.set(false);
      }
    }
    urgent = false;
  }

  private void writeNow() {
    urgent = true;
    wake();
  }

  private void wake() {
    if (wakeable.compareAndSet(true, false)) {
      bell.release();
    }
  }

  /** Takes what waits, up to a batch; null if nothing does. */
  private @Nullable Batch take() {
    long from = ring.taken();
    List<Object> entries = new ArrayList<>();
    long bytes = 0;
    while (entries.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
      Object entry = ring.take();
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += Batch.event(entry).approximateBytes();
    }
    if (entries.isEmpty()) {
      return null;
    }
    takenBytes.addAndGet(bytes);
    Batch batch = new Batch(from, entries);
    underWay.add(batch);
    return batch;
  }

  private void settle(Batch batch, int index, @Nullable Receipt receipt, Drop drop) {
    if (!batch.settle(index)) {
      return;
    }
    if (receipt == null) {
      drops.count(drop);
    } else if (receipt.reason() != null) {
      drops.count(Drop.refused(receipt.reason()));
    } else {
      delivered.increment();
    }
    int bytes = batch.event(index).approximateBytes();
    takenBytes.addAndGet(-bytes);
    heldBytes.addAndGet(-bytes);
    ring.release(1);
    batch.complete(index, receipt, drop);
    if (batch.isSettled()) {
      synchronized (takeLock) {
        underWay.remove(batch);
        takeLock.notifyAll();
      }
    }
  }
}
