package ai.pediscreen.telemetry.event.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.FairQueue.Append;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the appends of many threads into few: a thread takes what has come in since the last
 * group was taken, up to {@link #MAX_GROUP} events, and gives it to the {@link EventStore} at once.
 * There is no timer: an append that finds a thread idle goes at once, and the busier the store, the
 * larger the groups. With several threads one group is prepared while another waits for the disk. A
 * caller that can wait may append a group itself when the store is idle, which spares a lone sender
 * two changes of threads ({@link #appendWaiting}).
 *
 * <p>Organisations are served in turn: one that sends more than the store can take delays itself
 * and hardly the others. The queue is bounded, so that a slow or unavailable store is reported to
 * callers instead of filling the memory.
 *
 * <p>Its threads are daemons, so a program that does not close it ends, and what waits is lost.
 *
 * <p>Thread-safe.
 */
public final class GroupCommitter implements AutoCloseable {

  /** A group stops growing once it has so many events; one append is never split. */
  public static final int MAX_GROUP = 2_000;

  /** Of more than this, the threads take equal shares of what waits. */
  private static final int MIN_SHARE = 250;

  /**
   * So many events must wait for a group to be taken while another is under way, or the first of
   * them for so long: many small groups would cost the store more than they gain.
   */
  private static final int FURTHER_GROUP = 64;

  private static final long FURTHER_GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final EventStore store;
  private final int threadCount;
  private final List<Thread> threads;

  // Guarded by the lock of queue.
  private final FairQueue queue;
  private int underWay;
  private boolean closed;

  /**
   * Starts the threads.
   *
   * @param store where groups go
   * @param groups how many groups may be under way at once, 1 to 64; with 1 they are appended in
   *     the order in which they came, as far as they are of one organisation
   * @param capacity how many events may wait; at least 1. An empty queue accepts an append of any
   *     size. In a full queue an organisation that has less than its share of it still finds room,
   *     up to twice as many events in all.
   */
  public GroupCommitter(EventStore store, int groups, int capacity) {
    this.store = requireNonNull(store, "store");
    if (groups < 1 || groups > 64) {
      throw new IllegalArgumentException("groups must be between 1 and 64 but is " + groups);
    }
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1 but is " + capacity);
    }
    this.queue = new FairQueue(capacity);
    this.threadCount = groups;
    this.threads =
        IntStream.rangeClosed(1, groups)
            .mapToObj(number -> new Thread(this::run, "group-committer-" + number))
            .toList();
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Queues events to be appended and returns at once.
   *
   * <p>The result is one receipt for each event in order, or the exception that the store threw:
   * for a {@link StoreUnavailableException} the outcome is unknown and retrying is safe. Completing
   * the result otherwise, such as by cancelling, takes the events out of the queue if they have not
   * left it yet.
   *
   * @param allowed whose events the sender may write
   * @throws IllegalArgumentException if an event is not allowed; nothing was appended
   * @throws StoreUnavailableException if the queue is full or the committer closed; nothing was
   *     appended
   */
  public CompletableFuture<List<Receipt>> append(
      OrgPermission allowed, List<TelemetryEvent> events) {
    return append(ScopedEvent.all(allowed, events));
  }

  /** As {@link #append(OrgPermission, List)}, of events with the leave to write them. */
  public CompletableFuture<List<Receipt>> append(List<ScopedEvent> events) {
    Append append = new Append(events);
    synchronized (queue) {
      add(append);
      queue.notify();
    }
    return result(append);
  }

  /**
   * As {@link #append(List)}, but wakes no thread. Unless the result is complete by then, the
   * caller must call {@link #appendWaiting} next, from whichever thread; until then the events may
   * wait.
   */
  public CompletableFuture<List<Receipt>> enqueue(List<ScopedEvent> events) {
    Append append = new Append(events);
    synchronized (queue) {
      add(append);
    }
    return result(append);
  }

  /**
   * Appends a group of what waits in the calling thread if none is under way, and returns when it
   * is durable; otherwise, and once closed, wakes a thread for it and returns at once. So one
   * caller at a time waits for the store.
   */
  public void appendWaiting() {
    List<Append> group;
    synchronized (queue) {
      if (queue.isEmpty()) {
        return;
      }
      if (underWay > 0 || closed) {
        queue.notify();
        return;
      }
      group = take();
    }
    commitTaken(group);
  }

  private void add(Append append) {
    if (closed) {
      throw new StoreUnavailableException("shutting down");
    }
    if (!queue.add(append)) {
      throw new StoreUnavailableException("the queue of events is full");
    }
  }

  private CompletableFuture<List<Receipt>> result(Append append) {
    // The stage that follows tells nothing that the result itself does not.
    CompletableFuture<List<Receipt>> unused =
        append.result.whenComplete((receipts, failure) -> removeAbandoned(append));
    return append.result;
  }

  /** How many events wait to be appended. */
  public int queuedEvents() {
    synchronized (queue) {
      return queue.events();
    }
  }

  /** How long the oldest waiting event has waited; zero if none does. */
  public Duration oldestWait() {
    synchronized (queue) {
      Append oldest = queue.oldest();
      return oldest == null
          ? Duration.ZERO
          : Duration.ofNanos(System.nanoTime() - oldest.queuedAtNanos);
    }
  }

  /** Accepts no more, appends what is queued, and ends; waits for that without limit. */
  @Override
  public void close() {
    synchronized (queue) {
      closed = true;
      queue.notifyAll();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Append> group = takeGroup();
    while (group != null) {
      commitTaken(group);
      group = takeGroup();
    }
  }

  private void commitTaken(List<Append> group) {
    try {
      commit(group);
    } finally {
      synchronized (queue) {
        underWay--;
        if (closed) {
          queue.notifyAll();
        } else if (!queue.isEmpty()) {
          // This thread may be the one that continues.
          queue.notify();
        }
      }
    }
  }

  private void commit(List<Append> group) {
    List<ScopedEvent> events = new ArrayList<>();
    group.forEach(append -> events.addAll(append.events));
    try {
      Iterator<Receipt> receipts = store.append(events).iterator();
      for (Append append : group) {
        List<Receipt> own = new ArrayList<>(append.events.size());
        append.events.forEach(event -> own.add(receipts.next()));
        append.result.complete(own);
      }
    } catch (RuntimeException | Error e) {
      // Every failure goes to the waiting callers, and the next group must be tried.
      group.forEach(append -> append.result.completeExceptionally(e));
    }
  }

  /** Waits for the next group; null when closed and empty. */
  private @Nullable List<Append> takeGroup() {
    synchronized (queue) {
      while (!isGroupWaiting()) {
        if (closed && queue.isEmpty() && underWay == 0) {
          return null;
        }
        try {
          queue.wait(
              queue.isEmpty()
                  ? TimeUnit.MINUTES.toMillis(1)
                  : TimeUnit.NANOSECONDS.toMillis(FURTHER_GROUP_NANOS));
        } catch (InterruptedException e) {
          // Only close() ends this thread: an interrupt from elsewhere stops no one's events.
        }
      }
      return take();
    }
  }

  private List<Append> take() {
    List<Append> group = new ArrayList<>();
    int size = 0;
    int enough = Math.min(MAX_GROUP, Math.max(MIN_SHARE, queue.events() / threadCount));
    while (size < enough) {
      Append append = queue.poll();
      if (append == null) {
        break;
      }
      group.add(append);
      size += append.events.size();
    }
    underWay++;
    if (queue.events() >= FURTHER_GROUP) {
      queue.notify();
    }
    return group;
  }

  private boolean isGroupWaiting() {
    Append next = queue.peek();
    return next != null
        && underWay < threadCount
        && (underWay == 0
            || closed
            || queue.events() >= FURTHER_GROUP
            || System.nanoTime() - next.queuedAtNanos >= FURTHER_GROUP_NANOS);
  }

  /** An append whose result is complete though no thread has taken it. */
  private void removeAbandoned(Append append) {
    if (append.taken) {
      return;
    }
    synchronized (queue) {
      queue.remove(append);
    }
  }
}
