package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch in parts: the first are stored while the next is read, and only so much of it is
 * decoded at a time as the store has not taken yet. So a batch of any size within the limits can be
 * stored, costs little memory, and leaves room in the queue for the events of others.
 *
 * <p>One thread works on it at a time, which need not be the same one.
 */
final class BatchAppend {

  /** How many events a part has at most. */
  private static final int PART_EVENTS = 125;

  /** How much a part costs at most, by {@link DecodedSize}, unless its only event costs more. */
  private static final long PART_BYTES = 1024 * 1024;

  /** One full group of the committer. */
  private static final int MAX_EVENTS_UNDER_WAY = GroupCommitter.MAX_GROUP;

  private static final long MAX_BYTES_UNDER_WAY = 8 * PART_BYTES;

  /** When others fill the queue. */
  private static final long PAUSE_MILLIS = 20;

  /** For so long a batch waits for memory to begin with, which many others want then. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final BatchSource source;
  private final GroupCommitter committer;
  private final BodyBudget decoded;
  private final Executor executor;
  private final long beganNanos = System.nanoTime();

  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private final Queue<Part> answered = new ConcurrentLinkedQueue<>();

  /** How often there was something to do since the thread that works last looked. */
  private final AtomicInteger calls = new AtomicInteger();

  // Of the thread that works.
  private final List<Part> underWay = new ArrayList<>();
  private int next;
  private @Nullable Part withoutPlace;
  private int eventsUnderWay;
  private long bytesUnderWay;
  private boolean stored;

  /**
   * @param source where events come from, and what receives their receipts
   * @param decoded the memory budget for events that are decoded and not stored yet
   * @param executor where it continues when parts are stored
   */
  BatchAppend(BatchSource source, GroupCommitter committer, BodyBudget decoded, Executor executor) {
    this.source = source;
    this.committer = committer;
    this.decoded = decoded;
    this.executor = executor;
  }

  /**
   * Completes once all of the batch is durable, with whether the store has taken any of it: not if
   * all of it was refused before; or with the first failure, after which what still waits in the
   * queue is taken out. So it is if this is completed otherwise, say when it takes too long.
   */
  CompletableFuture<Boolean> done() {
    return done;
  }

  /** Reads what fits on the calling thread. */
  void begin() {
    CompletableFuture<?> unused = done.whenComplete((nothing, failure) -> call());
    calls.incrementAndGet();
    work();
  }

  private void call() {
    if (calls.getAndIncrement() == 0) {
      executor.execute(this::work);
    }
  }

  private void work() {
    int seen = calls.get();
    do {
      try {
        step();
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
        release();
      }
      seen = calls.addAndGet(-seen);
    } while (seen > 0);
  }

  private void step() {
    for (Part part = answered.poll(); part != null; part = answered.poll()) {
      settle(part);
    }
    if (done.isDone()) {
      release();
      return;
    }
    boolean room = true;
    while (room && (withoutPlace != null || next < source.size())) {
      room = withoutPlace == null ? readNext() : queue(withoutPlace);
    }
    if (room && underWay.isEmpty()) {
      done.complete(stored);
    }
  }

  /** What the store has not begun with is taken out: it is sent again. */
  private void release() {
    for (Part part : List.copyOf(underWay)) {
      part.receipts.cancel(false);
    }
    if (withoutPlace != null) {
      withoutPlace.lease.close();
      withoutPlace = null;
    }
  }

  private void settle(Part part) {
    underWay.remove(part);
    eventsUnderWay -= part.indexes.length;
    bytesUnderWay -= part.bytes;
    part.lease.close();
    Throwable failure = part.failure;
    if (failure != null) {
      done.completeExceptionally(failure);
      return;
    }
    stored = true;
    List<Receipt> receipts = part.receipts.join();
    for (int i = 0; i < receipts.size(); i++) {
      source.stored(part.indexes[i], part.eventIds[i], receipts.get(i));
    }
  }

  /** Decodes and queues what comes next; false if there is no room for it now. */
  private boolean readNext() {
    int to = next;
    long bytes = 0;
    while (to < source.size() && to - next < PART_EVENTS) {
      long more = source.cost(to);
      if (to > next && bytes + more > PART_BYTES) {
        break;
      }
      bytes += more;
      to++;
    }
    if (!underWay.isEmpty()
        && (eventsUnderWay + to - next > MAX_EVENTS_UNDER_WAY
            || bytesUnderWay + bytes > MAX_BYTES_UNDER_WAY)) {
      return false;
    }
    BodyBudget.Lease lease = decoded.lease();
    if (isOutOfPatience()) {
      lease.take(bytes);
    } else if (!lease.tryTake(bytes)) {
      continueLater();
      return false;
    }
    Part part = null;
    try {
      part = decode(to, bytes, lease);
    } finally {
      if (part == null) {
        lease.close();
      }
    }
    return part == null || queue(part);
  }

  /** What has begun waits on: what is stored already would be sent again for nothing. */
  private boolean isOutOfPatience() {
    return underWay.isEmpty() && !stored && System.nanoTime() - beganNanos > PATIENCE_NANOS;
  }

  /** Null if none of the documents is an event that can be kept. */
  private @Nullable Part decode(int to, long bytes, BodyBudget.Lease lease) {
    List<ScopedEvent> events = new ArrayList<>(to - next);
    int[] indexes = new int[to - next];
    for (; next < to; next++) {
      ScopedEvent event = source.read(next);
      if (event != null) {
        indexes[events.size()] = next;
        events.add(event);
      }
    }
    return events.isEmpty()
        ? null
        : new Part(events, Arrays.copyOf(indexes, events.size()), bytes, lease);
  }

  /** False if there is no place in the queue now. */
  private boolean queue(Part part) {
    try {
      part.receipts = committer.append(part.events);
    } catch (StoreUnavailableException e) {
      if (underWay.isEmpty() && !stored) {
        part.lease.close();
        throw e;
      }
      // What is stored already would be sent again for nothing.
      withoutPlace = part;
      continueLater();
      return false;
    }
    withoutPlace = null;
    part.events = List.of();
    underWay.add(part);
    eventsUnderWay += part.indexes.length;
    bytesUnderWay += part.bytes;
    CompletableFuture<?> unused =
        part.receipts.whenComplete(
            (receipts, failure) -> {
              part.failure = failure;
              answered.add(part);
              call();
            });
    return true;
  }

  /**
   * For when others hold the memory or the queue; if a part of this batch is being stored, its
   * completion calls instead.
   */
  private void continueLater() {
    if (underWay.isEmpty()) {
      CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS).execute(this::call);
    }
  }

  /** Some events that are decoded; which they are, once the store has them. */
  private static final class Part {
    final int[] indexes;
    final String[] eventIds;
    final long bytes;
    final BodyBudget.Lease lease;
    List<ScopedEvent> events;
    CompletableFuture<List<Receipt>> receipts = new CompletableFuture<>();
    volatile @Nullable Throwable failure;

    Part(List<ScopedEvent> events, int[] indexes, long bytes, BodyBudget.Lease lease) {
      this.events = events;
      this.indexes = indexes;
      this.eventIds = events.stream().map(event -> event.event().eventId()).toArray(String[]::new);
      this.bytes = bytes;
      this.lease = lease;
    }
  }
}
