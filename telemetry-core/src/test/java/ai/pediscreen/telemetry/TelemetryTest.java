package ai.pediscreen.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.export.ExportedIds;
import ai.pediscreen.telemetry.export.InMemoryExportQueue;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class TelemetryTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  /** A queue that waited for the next look each time would take longer. */
  private static final Duration HURRY = Duration.ofSeconds(6);

  private static final Duration SHORT = Duration.ofMillis(50);

  private final FaultyStore store = new FaultyStore();

  @Test
  void recordedEvents_areStored_andCountedInTheNextQuery() {
    try (Telemetry telemetry = builder().build()) {
      for (int i = 0; i < 3_000; i++) {
        assertThat(telemetry.record(event("e-" + i))).isTrue();
      }

      var overview =
          telemetry
              .usage()
              .overview(UsageFilter.last(UsageRange.DAY, FaultyStore.NOW).org("clinic-7"));

      assertThat(overview.requests()).isEqualTo(3_000);
      assertThat(telemetry.delivery()).isEqualTo(new Delivery(3_000, 0, 0));
    }
    assertThat(store.closed).isTrue();
  }

  @Test
  void record_allocatesNothing_forAnyOutcome() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    TelemetryEvent event =
        TelemetryEvent.builder("e-1", FaultyStore.NOW)
            .model("medgemma-4b")
            .model("version", "3")
            .tokens(812, 96)
            .with("tags", List.of("a", Map.of("b", 1)))
            .build();
    store.hanging = true;
    try (Telemetry telemetry = builder().queue(500).closeWithin(Duration.ZERO).build()) {
      telemetry.record(event);
      telemetry.drops();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        telemetry.record(event);
      }
      long made = threads.getCurrentThreadAllocatedBytes() - before;

      assertThat(telemetry.drops()).containsEntry(DropReason.FULL, 501L);
      assertThat(made).isLessThan(1_000);
    } finally {
      store.release();
    }
  }

  @Test
  void queries_waitForASlowStore() {
    store.hanging = true;
    try (Telemetry telemetry = builder().build()) {
      telemetry.record(event("e-1"));
      CompletableFuture.delayedExecutor(1_500, TimeUnit.MILLISECONDS).execute(store::release);

      var overview = telemetry.usage().overview(UsageFilter.last(UsageRange.DAY, FaultyStore.NOW));

      assertThat(overview.requests()).isEqualTo(1);
    }
  }

  @Test
  void manyThreads_loseNothing() throws InterruptedException {
    try (Telemetry telemetry = builder().queue(64).committers(3).build()) {
      AtomicLong taken = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int number = t;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    taken.addAndGet(telemetry.record(event(number + "-" + i)) ? 1 : 0);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }

      Delivery delivery = telemetry.flush(LONG);

      assertThat(delivery).isEqualTo(new Delivery(taken.get(), 0, 16_000 - taken.get()));
      assertThat(telemetry.drops()).containsEntry(DropReason.FULL, 16_000 - taken.get());
      assertThat(store.ids()).hasSize((int) taken.get());
    }
  }

  @Test
  void fullQueue_dropsAndCounts_withoutWaiting_whileTheStoreHangs() {
    store.hanging = true;
    Map<DropReason, Long> heard = new ConcurrentHashMap<>();
    Telemetry telemetry =
        builder().queue(10).onDrop((reason, n) -> heard.merge(reason, n, Long::sum)).build();

    for (int i = 0; i < 10; i++) {
      assertThat(telemetry.record(event("e-" + i))).isTrue();
    }
    assertThat(telemetry.record(event("e-10"))).isFalse();

    assertThat(telemetry.flush(SHORT)).isEqualTo(new Delivery(0, 10, 1));
    await(() -> heard.getOrDefault(DropReason.FULL, 0L) == 1);
    store.release();
    assertThat(telemetry.close(LONG)).isEqualTo(new Delivery(10, 0, 1));
    assertThat(store.ids()).hasSize(10);
  }

  @Test
  void queuedBytes_areBounded() {
    store.hanging = true;
    Telemetry telemetry = builder().queueBytes(4_096).eventBytes(2_048).build();
    TelemetryEvent large =
        TelemetryEvent.builder("l", FaultyStore.NOW).with("x", "y".repeat(1_500)).build();
    TelemetryEvent tooLarge =
        TelemetryEvent.builder("t", FaultyStore.NOW)
            .request(Map.of("x", List.of(Map.of("z", "y".repeat(2_048)))))
            .build();

    assertThat(telemetry.record(tooLarge)).isFalse();
    assertThat(telemetry.record(large)).isTrue();
    assertThat(telemetry.record(large)).isTrue();
    assertThat(telemetry.record(large)).isFalse();

    assertThat(telemetry.drops())
        .containsEntry(DropReason.TOO_LARGE, 1L)
        .containsEntry(DropReason.FULL, 1L);
    store.release();
    assertThat(telemetry.flush(LONG).pending()).isZero();
    assertThat(telemetry.record(event("e"))).as("room again").isTrue();
    telemetry.close();
  }

  @Test
  void smallQueue_isWrittenAtOnce() {
    assertTimeoutPreemptively(HURRY, () -> recordAll(builder().queue(10), 5_000, event("e")));
  }

  @Test
  void queueFullOfBytes_isWrittenAtOnce() {
    TelemetryEvent large =
        TelemetryEvent.builder("l", FaultyStore.NOW).with("x", "y".repeat(100_000)).build();

    assertTimeoutPreemptively(HURRY, () -> recordAll(builder().queueBytes(1 << 20), 2_000, large));
  }

  private static void recordAll(TelemetryBuilder settings, int times, TelemetryEvent event) {
    try (Telemetry telemetry = settings.build()) {
      for (int i = 0; i < times; i++) {
        while (!telemetry.record(event)) {
          Thread.onSpinWait();
        }
      }
      assertThat(telemetry.flush(LONG).delivered()).isEqualTo(times);
    }
  }

  @Test
  void unavailableStore_isRetried_andNothingIsLost() {
    store.away = true;
    try (Telemetry telemetry = builder().build()) {
      telemetry.record(event("e-1"));
      CompletableFuture<Receipt> durable =
          telemetry.recordDurably(event("e-2")).toCompletableFuture();
      await(telemetry::isStoreAway);
      await(() -> store.appends.get() >= 2);
      assertThat(durable).isNotDone();

      store.away = false;

      assertThat(durable).succeedsWithin(LONG).isEqualTo(Receipt.accepted());
      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(2, 0, 0));
      assertThat(telemetry.isStoreAway()).isFalse();
    }
  }

  @Test
  void storeThatFailsOnLargeBatches_getsSmallerOnes() {
    store.mostAtOnce = 3;
    try (Telemetry telemetry = builder().build()) {
      for (int i = 0; i < 20; i++) {
        telemetry.record(event("e-" + i));
      }

      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(20, 0, 0));
      assertThat(store.ids()).hasSize(20);
    }
  }

  /** What a minute does to a queue of 20 000, done to a small one. */
  @Test
  void longOutage_losesWhatTheQueueCannotHold_andRecovers() {
    store.away = true;
    try (Telemetry telemetry = builder().queue(1_000).build()) {
      int taken = 0;
      for (int i = 0; i < 5_000; i++) {
        taken += telemetry.record(event("e-" + i)) ? 1 : 0;
      }
      await(telemetry::isStoreAway);
      assertThat(taken).isEqualTo(1_000);
      assertThat(telemetry.drops()).containsEntry(DropReason.FULL, 4_000L);

      store.away = false;
      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(1_000, 0, 4_000));
      for (int i = 0; i < 500; i++) {
        assertThat(telemetry.record(event("later-" + i))).isTrue();
      }
      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(1_500, 0, 4_000));
      assertThat(telemetry.isStoreAway()).isFalse();
      assertThat(store.ids()).hasSize(1_500);
    }
  }

  @Test
  void retries_endAtTheirTimeout() {
    store.away = true;
    try (Telemetry telemetry = builder().retryFor(Duration.ZERO).build()) {
      CompletionStage<Receipt> durable = telemetry.recordDurably(event("e-1"));
      assertDropped(durable, DropReason.RETRIES_EXHAUSTED);
      assertThatThrownBy(() -> durable.toCompletableFuture().get())
          .hasRootCauseInstanceOf(StoreUnavailableException.class);
      assertThat(telemetry.drops()).containsEntry(DropReason.RETRIES_EXHAUSTED, 1L);
    }
  }

  @Test
  void eventThatTheStoreFailsOn_doesNotAffectItsNeighbours() {
    store.chokesOn.add("e-77");
    store.refuses.add("e-5");
    try (Telemetry telemetry = builder().build()) {
      for (int i = 0; i < 200; i++) {
        telemetry.record(event("e-" + i));
      }

      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(198, 0, 2));
      assertThat(store.ids()).hasSize(199).doesNotContain("e-77");
      assertThat(telemetry.drops()).containsEntry(DropReason.REFUSED, 2L);
    }
  }

  @Test
  void eventThatTheStoreRefuses_isExplainedInTheWarning() {
    store.refuses.add("e-1");
    try (LoggedMessages log = new LoggedMessages()) {
      try (Telemetry telemetry = builder().build()) {
        telemetry.record(event("e-1"));
      }
      assertThat(log.messages())
          .contains("telemetry events were dropped: 1 REFUSED; first refusal: no");
    }
  }

  @Test
  void identifiers_areRedacted_orRefused() {
    TelemetryEvent event =
        TelemetryEvent.builder("e", FaultyStore.NOW).with("mail", "ada@example.org").build();
    try (Telemetry telemetry = builder().build()) {
      telemetry.record(event);
      telemetry.flush(LONG);
      assertThat(store.kept.page(all(), null, 1).get(0).additional())
          .containsEntry("mail", "[redacted:email]");
    }
    try (Telemetry telemetry =
        Telemetry.builder().store(new FaultyStore()).phi(PhiMode.REJECT).build()) {
      assertThatThrownBy(() -> telemetry.recordDurably(event).toCompletableFuture().get())
          .cause()
          .hasMessageStartingWith("the event was dropped: REFUSED, mail ")
          .hasMessageNotContaining("ada")
          .hasCauseInstanceOf(InvalidEventException.class);
    }
  }

  @Test
  void close_storesQueuedEvents_acceptsNoMore_andIsIdempotent() {
    Telemetry telemetry = builder().build();
    for (int i = 0; i < 500; i++) {
      telemetry.record(event("e-" + i));
    }

    Delivery end = telemetry.close(LONG);

    assertThat(end).isEqualTo(new Delivery(500, 0, 0));
    assertThat(telemetry.record(event("late"))).isFalse();
    assertDropped(telemetry.recordDurably(event("late")), DropReason.CLOSED);
    assertThat(telemetry.close(LONG)).isEqualTo(end);
    assertThat(telemetry.drops()).containsEntry(DropReason.CLOSED, 2L);
  }

  @Test
  void close_takesItsTime_inAnInterruptedThread() {
    store.hanging = true;
    Telemetry telemetry = builder().build();
    for (int i = 0; i < 100; i++) {
      telemetry.record(event("e-" + i));
    }
    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(store::release);

    Thread.currentThread().interrupt();
    Delivery end = telemetry.close(LONG);

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(end).isEqualTo(new Delivery(100, 0, 0));
    assertThat(store.closed).isTrue();
  }

  @Test
  void close_returns_whenTheStoreHangs_andCountsLostEvents() {
    store.hanging = true;
    Telemetry telemetry = builder().build();
    CompletableFuture<Receipt> durable =
        telemetry.recordDurably(event("e-1")).toCompletableFuture();
    telemetry.record(event("e-2"));

    assertThat(telemetry.close(SHORT)).isEqualTo(new Delivery(0, 0, 2));

    assertDropped(durable, DropReason.CLOSED);
    assertThat(store.closed).isFalse();
    store.release();
  }

  @Test
  void close_returns_whenTheStoreIsUnavailable() {
    store.away = true;
    Telemetry telemetry = builder().build();
    telemetry.record(event("e-1"));

    assertThat(telemetry.close(SHORT)).isEqualTo(new Delivery(0, 0, 1));
    assertThat(store.closed).isTrue();
  }

  @Test
  void close_whileOthersRecord_countsEveryEvent() throws InterruptedException {
    Telemetry telemetry = builder().queue(100_000).build();
    AtomicLong offered = new AtomicLong();
    CountDownLatch some = new CountDownLatch(2_000);
    Thread recorder =
        new Thread(
            () -> {
              boolean taken = true;
              while (taken) {
                taken = telemetry.record(event("e-" + offered.getAndIncrement()));
                some.countDown();
              }
            });
    recorder.start();
    some.await();

    Delivery end = telemetry.close(LONG);

    recorder.join();
    assertThat(end.delivered()).isEqualTo(offered.get() - 1);
    assertThat(telemetry.delivery()).isEqualTo(new Delivery(end.delivered(), 0, 1));
    assertThat(store.ids()).hasSize((int) end.delivered());
  }

  @Test
  void slowOrFailingCallback_blocksNothing() {
    CountDownLatch never = new CountDownLatch(1);
    store.hanging = true;
    try (Telemetry telemetry =
        builder()
            .onDrop(
                (reason, n) -> {
                  throw new IllegalStateException("listener");
                })
            .committers(1)
            .build()) {
      telemetry
          .recordDurably(event("e-1"))
          .thenRun(
              () -> {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      store.release();
      for (int i = 2; i < 10; i++) {
        telemetry.record(event("e-" + i));
      }

      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(9, 0, 0));
    } finally {
      never.countDown();
    }
  }

  @Test
  void interrupt_endsNoThread() {
    try (Telemetry telemetry = builder().committers(1).build()) {
      telemetry.record(event("e-1"));
      telemetry.flush(LONG);
      store.writers.forEach(Thread::interrupt);

      telemetry.record(event("e-2"));

      assertThat(telemetry.flush(LONG)).isEqualTo(new Delivery(2, 0, 0));
    }
  }

  @Test
  void threads_areDaemons_andEnd() {
    Telemetry telemetry = builder().build();
    telemetry.record(event("e-1"));
    telemetry.flush(LONG);

    assertThat(store.writers).isNotEmpty().allMatch(Thread::isDaemon);
    telemetry.close();
    await(() -> store.writers.stream().noneMatch(Thread::isAlive));
  }

  @Test
  void maintenance_runsShortlyAfterTheStart() {
    try (Telemetry telemetry = builder().build()) {
      assertThat(telemetry.days()).isPresent();
      await(() -> store.maintained.get() == 1);
    }
  }

  @Test
  void days_areComputed_whenTheyAreOver() {
    store.kept.append(
        List.of(
            new ScopedEvent(
                OrgPermission.all(),
                TelemetryEvent.builder("e-1", FaultyStore.NOW.minus(Duration.ofDays(1)))
                    .model("m")
                    .status(200)
                    .build())));
    assertThat(store.kept.due()).hasSize(1);
    try (Telemetry telemetry = builder().build()) {
      await(() -> telemetry.days().orElseThrow().due().isEmpty());
    }
  }

  @Test
  void events_areExported_whenTheStoreHasAnExportQueue() throws Exception {
    InMemoryExportQueue queue = new InMemoryExportQueue();
    ExportedIds exported = new ExportedIds();
    assertThatIllegalStateException().isThrownBy(() -> builder().exportTo(exported).build());
    store.exports = queue;
    queue.append(event("e-1"), true);
    try (Telemetry telemetry = builder().exportTo(exported).build()) {
      assertThat(telemetry).isNotNull();
      assertThat(exported.next(Duration.ofMinutes(1))).isEqualTo("e-1");
    }
    assertThat(queue.tryLease()).as("the lease is given back").isPresent();
  }

  @Test
  void settings_areRefused_outsideTheirRange() {
    assertThatIllegalStateException().isThrownBy(() -> Telemetry.builder().build());
    assertThatIllegalArgumentException().isThrownBy(() -> builder().queue(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder().queueBytes(1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder().eventBytes(1 << 20));
    assertThatIllegalArgumentException().isThrownBy(() -> builder().committers(17));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().retryFor(Duration.ofMillis(-1)));
  }

  @Test
  @SuppressWarnings("NullAway") // What a caller without a checker of nulls may do.
  void nulls_areRefusedByName_andAreNotErrorsOfAModel() {
    try (Telemetry telemetry = builder().build()) {
      assertThatNullPointerException()
          .isThrownBy(() -> telemetry.record(null))
          .withMessage("event");
      assertThatNullPointerException()
          .isThrownBy(() -> telemetry.flush(null))
          .withMessage("patience");
      assertThatNullPointerException()
          .isThrownBy(() -> telemetry.call("m", null))
          .withMessage("work");
      assertThat(telemetry.delivery()).isEqualTo(new Delivery(0, 0, 0));
    }
  }

  private TelemetryBuilder builder() {
    return Telemetry.builder().store(store);
  }

  private static TelemetryEvent event(String id) {
    return TelemetryEvent.builder(id, FaultyStore.NOW)
        .org("clinic-7")
        .model("m")
        .status(200)
        .build();
  }

  private static EventSelection all() {
    return FaultyStore.everything();
  }

  private static void assertDropped(CompletionStage<Receipt> stage, DropReason reason) {
    assertThatThrownBy(() -> stage.toCompletableFuture().get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            EventDroppedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  /** Polls, for a minute at most. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
