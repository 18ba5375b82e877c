package ai.pediscreen.telemetry.event.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GroupCommitterTest {

  private final GatedStore store = new GatedStore();
  private final GroupCommitter committer = new GroupCommitter(store, 1, 10_000);

  @AfterEach
  void close() {
    store.letAllThrough();
    committer.close();
  }

  @Test
  void append_isWrittenAtOnce_whenTheStoreIsIdle() throws Exception {
    CompletableFuture<List<Receipt>> result = committer.append(OrgPermission.all(), events("a", 1));

    assertThat(store.awaitGroup()).hasSize(1);
    assertThat(result).isNotDone();
    store.letOneThrough();
    assertThat(result.get()).containsExactly(Receipt.accepted());
  }

  @Test
  void threads_areDaemons_whenItIsNotClosed() {
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("group-committer-"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void append_givesEachItsOwnReceiptsInOrder_whenAppendsAreGrouped() throws Exception {
    store.answer =
        event -> event.eventId().contains("1") ? Receipt.duplicate() : Receipt.accepted();
    occupyStore();
    CompletableFuture<List<Receipt>> a = committer.append(OrgPermission.all(), events("a", 3));
    CompletableFuture<List<Receipt>> none = committer.append(OrgPermission.all(), List.of());
    CompletableFuture<List<Receipt>> b = committer.append(OrgPermission.all(), events("b", 2));
    assertThat(committer.queuedEvents()).isEqualTo(5);

    store.letOneThrough();

    assertThat(store.awaitGroup())
        .extracting(TelemetryEvent::eventId)
        .containsExactly("a-0", "a-1", "a-2", "b-0", "b-1");
    assertThat(committer.queuedEvents()).isZero();
    store.letOneThrough();
    assertThat(a.get())
        .containsExactly(Receipt.accepted(), Receipt.duplicate(), Receipt.accepted());
    assertThat(none.get()).isEmpty();
    assertThat(b.get()).containsExactly(Receipt.accepted(), Receipt.duplicate());
  }

  @Test
  void group_stopsGrowing_whenItHasEnoughEventsAndNeverSplitsAnAppend() throws Exception {
    occupyStore();
    List<CompletableFuture<List<Receipt>>> results = new ArrayList<>();
    results.add(committer.append(OrgPermission.all(), events("a", GroupCommitter.MAX_GROUP - 1)));
    results.add(committer.append(OrgPermission.all(), events("b", 3_000)));
    results.add(committer.append(OrgPermission.all(), events("c", 1)));
    results.add(committer.append(OrgPermission.all(), events("d", GroupCommitter.MAX_GROUP - 1)));
    results.add(committer.append(OrgPermission.all(), events("e", 1)));
    store.letAllThrough();

    assertThat(store.awaitGroup()).hasSize(GroupCommitter.MAX_GROUP - 1 + 3_000);
    assertThat(store.awaitGroup()).hasSize(GroupCommitter.MAX_GROUP);
    assertThat(store.awaitGroup()).hasSize(1);
    for (CompletableFuture<List<Receipt>> result : results) {
      assertThat(result.get()).containsOnly(Receipt.accepted());
    }
  }

  @Test
  void append_isRefused_whenTheQueueIsFull() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> first =
        committer.append(OrgPermission.all(), events("a", 9_999));
    CompletableFuture<List<Receipt>> last = committer.append(OrgPermission.all(), events("b", 1));

    assertThatThrownBy(() -> committer.append(OrgPermission.all(), events("c", 1)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("the queue of events is full");
    assertThat(committer.queuedEvents()).isEqualTo(10_000);

    store.letAllThrough();
    assertThat(first.get()).hasSize(9_999);
    assertThat(last.get()).hasSize(1);
    assertThat(committer.append(OrgPermission.all(), events("c", 1)).get())
        .containsExactly(Receipt.accepted());
  }

  @Test
  void append_isAcceptedAtAnySize_whenTheQueueIsEmpty() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> huge =
        committer.append(OrgPermission.all(), events("a", 10_001));

    assertThatThrownBy(() -> committer.append(OrgPermission.all(), events("b", 1)))
        .isInstanceOf(StoreUnavailableException.class);
    store.letAllThrough();
    assertThat(huge.get()).hasSize(10_001);
  }

  @Test
  void failure_reachesAllWaiting_andTheNextGroupWorks() throws Exception {
    StoreUnavailableException failure = new StoreUnavailableException("gone");
    occupyStore();
    CompletableFuture<List<Receipt>> a = committer.append(OrgPermission.all(), events("a", 2));
    CompletableFuture<List<Receipt>> b = committer.append(OrgPermission.all(), events("b", 1));
    store.answer =
        event -> {
          throw failure;
        };
    store.letOneThrough();
    assertThat(store.awaitGroup()).hasSize(3);
    CompletableFuture<List<Receipt>> c = committer.append(OrgPermission.all(), events("c", 1));
    store.letOneThrough();

    assertThatThrownBy(a::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThatThrownBy(b::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThat(store.awaitGroup()).hasSize(1);
    store.answer = event -> Receipt.accepted();
    store.letOneThrough();
    assertThat(c.get()).containsExactly(Receipt.accepted());
  }

  @Test
  void unexpectedError_reachesAllWaiting() throws Exception {
    store.letAllThrough();
    store.answer =
        event -> {
          throw new AssertionError("a bug in a store");
        };
    assertThatThrownBy(() -> committer.append(OrgPermission.all(), events("a", 1)).get())
        .hasCauseInstanceOf(AssertionError.class);

    store.answer = event -> Receipt.accepted();
    assertThat(committer.append(OrgPermission.all(), events("b", 1)).get())
        .containsExactly(Receipt.accepted());
  }

  @Test
  void missingReceipts_areAnError_forThoseAppendsOnly() throws Exception {
    store.missingReceipts = 1;
    occupyStore();
    CompletableFuture<List<Receipt>> answered =
        committer.append(OrgPermission.all(), events("a", 1));
    CompletableFuture<List<Receipt>> unanswered =
        committer.append(OrgPermission.all(), events("b", 1));
    store.letAllThrough();

    assertThat(answered.get()).containsExactly(Receipt.accepted());
    assertThatThrownBy(unanswered::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void cancel_removesEvents_thatAreStillQueued() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> cancelled =
        committer.append(OrgPermission.all(), events("a", 4));
    CompletableFuture<List<Receipt>> kept = committer.append(OrgPermission.all(), events("b", 1));

    assertThat(cancelled.cancel(false)).isTrue();

    assertThat(committer.queuedEvents()).isEqualTo(1);
    store.letOneThrough();
    assertThat(store.awaitGroup()).extracting(TelemetryEvent::eventId).containsExactly("b-0");
    store.letOneThrough();
    assertThat(kept.get()).hasSize(1);
  }

  @Test
  void cancel_hasNoEffect_onEventsThatLeftTheQueue() throws Exception {
    CompletableFuture<List<Receipt>> cancelled =
        committer.append(OrgPermission.all(), events("a", 1));
    store.awaitGroup();

    assertThat(cancelled.cancel(false)).isTrue();
    store.letAllThrough();

    assertThat(committer.append(OrgPermission.all(), events("b", 1)).get())
        .containsExactly(Receipt.accepted());
    assertThat(committer.queuedEvents()).isZero();
  }

  @Test
  void close_appendsQueuedEvents_andAcceptsNoMore() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> taken = committer.append(OrgPermission.all(), events("a", 2));
    ExecutorService closer = Executors.newSingleThreadExecutor();
    try {
      Future<?> closing = closer.submit(committer::close);
      awaitRefusal();
      assertThat(closing.isDone()).isFalse();
      assertThat(taken).isNotDone();

      store.letAllThrough();
      closing.get();

      assertThat(taken).isCompletedWithValue(List.of(Receipt.accepted(), Receipt.accepted()));
      assertThat(committer.queuedEvents()).isZero();
    } finally {
      closer.shutdownNow();
    }
  }

  @Test
  void close_keepsTheInterrupt_whenItsThreadIsInterrupted() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> taken = committer.append(OrgPermission.all(), events("a", 1));
    CountDownLatch interrupted = new CountDownLatch(1);
    ExecutorService closer = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> closing =
          closer.submit(
              () -> {
                Thread.currentThread().interrupt();
                interrupted.countDown();
                committer.close();
                return Thread.interrupted();
              });
      interrupted.await();
      store.letAllThrough();

      assertThat(closing.get()).isTrue();
      assertThat(taken).isCompletedWithValue(List.of(Receipt.accepted()));
    } finally {
      closer.shutdownNow();
    }
  }

  @Test
  void oldestWait_isZero_unlessSomethingWaits() throws Exception {
    assertThat(committer.oldestWait()).isZero();
    occupyStore();
    assertThat(committer.oldestWait()).isZero();
    CompletableFuture<List<Receipt>> waiting =
        committer.append(OrgPermission.all(), events("a", 1));
    Duration first = committer.oldestWait();
    assertThat(first).isPositive();
    assertThat(committer.oldestWait()).isGreaterThanOrEqualTo(first);
    store.letAllThrough();
    assertThat(waiting.get()).hasSize(1);
    assertThat(committer.oldestWait()).isZero();
  }

  @Test
  void append_losesAndMixesNothing_whenManyThreadsAppend() throws Exception {
    store.letAllThrough();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        List<TelemetryEvent> events = events("t" + i, i % 7);
        calls.add(threads.submit(() -> committer.append(OrgPermission.all(), events).get().size()));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(calls.get(i).get()).isEqualTo(i % 7);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.groups.stream().flatMap(List::stream))
        .hasSize(IntStream.range(0, 500).map(i -> i % 7).sum())
        .doesNotHaveDuplicates();
  }

  @Test
  void constructor_refuses_whenTheCapacityIsNotPositive() {
    assertThatThrownBy(() -> new GroupCommitter(store, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be at least 1 but is 0");
  }

  @Test
  void constructor_refuses_zeroGroups() {
    assertThatThrownBy(() -> new GroupCommitter(store, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups must be between 1 and 64 but is 0");
  }

  @Test
  void nextGroup_isAppended_duringAnother() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    EventStore meeting =
        group -> {
          try {
            // Passed only if two groups are under way at once.
            together.await(30, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return group.stream().map(event -> Receipt.accepted()).toList();
        };
    try (GroupCommitter two = new GroupCommitter(meeting, 2, 10)) {
      CompletableFuture<List<Receipt>> first = two.append(OrgPermission.all(), events("a", 1));
      while (two.queuedEvents() > 0) {
        Thread.onSpinWait();
      }
      CompletableFuture<List<Receipt>> second = two.append(OrgPermission.all(), events("b", 1));
      assertThat(first.get()).containsExactly(Receipt.accepted());
      assertThat(second.get()).containsExactly(Receipt.accepted());
    }
  }

  @Test
  void appendWaiting_appendsWhatIsQueued_inTheCallingThread() throws Exception {
    awaitIdleThread();
    CompletableFuture<List<Receipt>> a = committer.enqueue(scoped("a", 1));
    CompletableFuture<List<Receipt>> b = committer.enqueue(scoped("b", 2));
    assertThat(committer.queuedEvents()).isEqualTo(3);
    store.letAllThrough();

    committer.appendWaiting();

    assertThat(a).isCompletedWithValue(List.of(Receipt.accepted()));
    assertThat(b).isCompletedWithValue(List.of(Receipt.accepted(), Receipt.accepted()));
    assertThat(store.awaitGroup()).hasSize(3);
    assertThat(store.threads).containsExactly(Thread.currentThread());
  }

  @Test
  void appendWaiting_appendsNothing_whenNothingIsQueued() {
    committer.appendWaiting();

    assertThat(store.groups).isEmpty();
  }

  @Test
  void appendWaiting_leavesItToAThread_whenAGroupIsUnderWay() throws Exception {
    occupyStore();
    CompletableFuture<List<Receipt>> result = committer.enqueue(scoped("a", 1));

    committer.appendWaiting();

    assertThat(result).isNotDone();
    store.letAllThrough();
    assertThat(result.get()).containsExactly(Receipt.accepted());
    assertThat(store.threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void moreGroupsThanThreads_areNotUnderWay_whenACallerAppendsOne() throws Exception {
    CompletableFuture<List<Receipt>> a = appendByACaller();
    CompletableFuture<List<Receipt>> b = committer.append(OrgPermission.all(), events("b", 100));

    assertThat(store.groups.poll(100, TimeUnit.MILLISECONDS)).isNull();
    store.letAllThrough();

    assertThat(a.get()).hasSize(1);
    assertThat(b.get()).hasSize(100);
  }

  @Test
  void close_awaitsAGroup_thatACallerAppends() throws Exception {
    CompletableFuture<List<Receipt>> result = appendByACaller();
    Thread closing = new Thread(committer::close);
    closing.start();
    awaitRefusal();
    closing.join(200);
    assertThat(closing.isAlive()).isTrue();

    store.letAllThrough();
    closing.join();

    assertThat(result).isCompletedWithValue(List.of(Receipt.accepted()));
  }

  @Test
  void close_appendsWhatIsQueued_thoughNobodyDidSoYet() throws Exception {
    CompletableFuture<List<Receipt>> result = committer.enqueue(scoped("a", 1));
    store.letAllThrough();

    committer.close();

    assertThat(result).isCompletedWithValue(List.of(Receipt.accepted()));
    committer.appendWaiting();
  }

  /** Has another thread append an event, which stays at the store until it is let through. */
  private CompletableFuture<List<Receipt>> appendByACaller() throws InterruptedException {
    awaitIdleThread();
    CompletableFuture<List<Receipt>> result = committer.enqueue(scoped("a", 1));
    new Thread(committer::appendWaiting).start();
    assertThat(store.awaitGroup()).hasSize(1);
    return result;
  }

  /** Before that its thread might take what is only queued. */
  private static void awaitIdleThread() {
    while (Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("group-committer-"))
        .anyMatch(thread -> thread.getState() != Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
  }

  /** Gives the store a group at which it stays until it is let through. */
  private void occupyStore() throws InterruptedException {
    assertThat(committer.append(OrgPermission.all(), events("occupying", 1))).isNotDone();
    assertThat(store.awaitGroup()).hasSize(1);
  }

  /** Appends nothing until that is refused: then the committer is closing. */
  private void awaitRefusal() {
    boolean refused = false;
    while (!refused) {
      try {
        assertThat(committer.append(OrgPermission.all(), List.of())).isNotDone();
        Thread.onSpinWait();
      } catch (StoreUnavailableException e) {
        assertThat(e).hasMessage("shutting down");
        refused = true;
      }
    }
  }

  @Test
  void append_refusesAtOnce_anEventOfAForeignOrganisation() {
    assertThatThrownBy(() -> committer.append(OrgPermission.of("org-a"), events("e", 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(committer.queuedEvents()).isZero();
  }

  private static List<ScopedEvent> scoped(String prefix, int count) {
    return ScopedEvent.all(OrgPermission.all(), events(prefix, count));
  }

  private static List<TelemetryEvent> events(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> EventBuilder.event(prefix + "-" + i).build())
        .toList();
  }

  /** Tells of each group that reaches it and answers when it is let through. */
  private static final class GatedStore implements EventStore {

    private final BlockingQueue<List<TelemetryEvent>> groups = new LinkedBlockingQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Semaphore gate = new Semaphore(0);
    volatile Function<TelemetryEvent, Receipt> answer = event -> Receipt.accepted();

    /** How many receipts a group of several appends lacks. */
    volatile int missingReceipts;

    @Override
    public List<Receipt> append(List<ScopedEvent> scoped) {
      List<TelemetryEvent> events = scoped.stream().map(ScopedEvent::event).toList();
      threads.add(Thread.currentThread());
      groups.add(events);
      gate.acquireUninterruptibly();
      int answered = events.size() > 1 ? events.size() - missingReceipts : events.size();
      return events.stream().limit(answered).map(answer).toList();
    }

    List<TelemetryEvent> awaitGroup() throws InterruptedException {
      List<TelemetryEvent> group = groups.poll(20, TimeUnit.SECONDS);
      assertThat(group).as("a group within 20 seconds").isNotNull();
      return group == null ? List.of() : group;
    }

    void letOneThrough() {
      gate.release();
    }

    void letAllThrough() {
      gate.release(1_000_000);
    }
  }
}
