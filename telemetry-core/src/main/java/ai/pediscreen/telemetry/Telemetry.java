package ai.pediscreen.telemetry;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.job.Daemon;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry within a program: records events, and answers questions about them.
 *
 * <pre>{@code
 * try (Telemetry telemetry = Telemetry.builder().store(InMemoryStore.bounded(100_000)).build()) {
 *   telemetry.record(
 *       TelemetryEvent.builder("e-1", now).model("medgemma-4b").latency(ofMillis(120)).status(200).build());
 *   Overview overview = telemetry.usage().overview(UsageFilter.last(UsageRange.DAY));
 * }
 * }</pre>
 *
 * <p>Recording never waits and never fails the caller: a bounded queue is emptied by threads of its
 * own (daemons, so that they keep no program from ending), which try again while the store is away.
 * What is dropped is counted by {@link DropReason}, told to {@link TelemetryBuilder#onDrop}, and
 * logged as a warning, at most once a minute. It also has the store maintained, days computed when
 * they are over, and what is to be exported sent. Logs go to {@code System.Logger}, under {@code
 * ai.pediscreen.telemetry}.
 *
 * <p>Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");

  /** What a question waits for events that were recorded before it: a busy machine takes long. */
  private static final Duration BEFORE_QUESTION = Duration.ofSeconds(5);

  /** The same while the store is away, and they will hardly be stored soon. */
  private static final Duration BEFORE_QUESTION_AWAY = Duration.ofSeconds(1);

  /** What the store gets to close itself, if nothing is left of the time. */
  private static final Duration SHORTEST_CLOSE = Duration.ofMillis(500);

  private final TelemetryStore store;
  private final InstantSource clock;
  private final Duration closeWithin;
  private final Drops drops;
  private final Recorder recorder;
  private final BackgroundTasks upkeep;
  private final @Nullable Thread hook;

  // Guarded by ending.
  private final Object ending = new Object();
  private @Nullable Delivery end;

  Telemetry(TelemetryBuilder settings, TelemetryStore store) {
    this.store = store;
    this.clock = settings.clock;
    this.closeWithin = settings.closeWithin;
    this.drops = new Drops(settings.dropListeners);
    this.recorder =
        new Recorder(
            settings, store.events(), new PhiGuard(settings.phi, settings.pseudonyms), drops);
    this.upkeep = new BackgroundTasks(settings, store, recorder, drops);
    this.hook = settings.closeAtExit ? new Thread(this::close, "telemetry-close") : null;
    if (hook != null) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  /** Begins the settings of one. */
  public static TelemetryBuilder builder() {
    return new TelemetryBuilder();
  }

  /**
   * Records an event, and returns at once: without waiting for the store, without an exception, and
   * without looking for identifiers of persons, which is done before it is stored.
   *
   * @return false if it was dropped already, since the queue is full, the event too large, or this
   *     closed
   */
  public boolean record(TelemetryEvent event) {
    return recorder.record(requireNonNull(event, "event"));
  }

  /**
   * Records an event that somebody must know about.
   *
   * @return what the store said, once it is durable; or an {@link EventDroppedException}. Whatever
   *     follows it runs on a thread of the common pool, unless it says otherwise.
   */
  public CompletionStage<Receipt> recordDurably(TelemetryEvent event) {
    return recorder.recordDurably(requireNonNull(event, "event"));
  }

  /**
   * Begins to time a call of a model; its end records the event.
   *
   * <pre>{@code
   * try (TelemetryCall call = telemetry.start("medgemma-4b")) {
   *   Answer answer = model.ask(question);
   *   call.tokens(answer.read(), answer.written()).status(200);
   * }
   * }</pre>
   *
   * <p>Without a status, as when an exception passes through, the call counts as an error.
   */
  public TelemetryCall start(String modelId) {
    return new TelemetryCall(this, UUID.randomUUID().toString(), clock.instant(), modelId);
  }

  /**
   * Times a call of a model. If the work returns and sets no status, that is 200; if it throws, the
   * name of the exception's class is the event's {@code error_code}, and never its message.
   */
  public <T extends @Nullable Object, X extends Exception> T call(
      String modelId, TimedWork<T, X> work) throws X {
    requireNonNull(work, "work");
    TelemetryCall call = start(modelId);
    try {
      T result = work.run(call);
      call.succeeded();
      return result;
    } catch (Exception | Error e) {
      call.failed(e);
      throw e;
    } finally {
      call.close();
    }
  }

  /**
   * What is called between beginning and end.
   *
   * @param <T> what it gives
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface TimedWork<T extends @Nullable Object, X extends Exception> {

    /** Does the work, and tells the call what there is to tell. */
    T run(TelemetryCall call) throws X;
  }

  /**
   * Where questions are asked. Waits until what was recorded before is stored, for five seconds at
   * most, and for one while the store is away; in a thread that is interrupted, not at all. After
   * that, answers come from what is stored. A store may wait for a connection on top of it. The
   * result can be kept: questions to it do not wait for what was recorded.
   *
   * @throws UnsupportedOperationException if the store only takes events
   */
  public UsageQueries usage() {
    UsageQueries usage =
        store
            .usage()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "this store answers no queries; query the server that it sends events to"));
    recorder.flush(isStoreAway() ? BEFORE_QUESTION_AWAY : BEFORE_QUESTION);
    return usage;
  }

  /** Aggregates of days and their drift; empty for a store that has none. */
  public Optional<DailyAggregateStore> days() {
    return store.days();
  }

  /** What has become of all events that were recorded since the start. */
  public Delivery delivery() {
    return recorder.delivery();
  }

  /** How many events were dropped since the start, for each reason. */
  public Map<DropReason, Long> drops() {
    return drops.snapshot();
  }

  /** Whether the last events that were to be stored could not be, so that they are kept. */
  public boolean isStoreAway() {
    return recorder.isUnavailable();
  }

  /**
   * Waits until everything that was recorded before is stored or dropped, but not for longer than
   * said, nor beyond an interrupt of the thread: in one that is interrupted it returns at once.
   */
  public Delivery flush(Duration patience) {
    recorder.flush(requireNonNull(patience, "patience"));
    return recorder.delivery();
  }

  /** As {@link #close(Duration)} with the time that the settings say. */
  @Override
  public void close() {
    close(closeWithin);
  }

  /**
   * Takes no more, stores what was recorded until time is up, drops the rest and closes the store.
   * Returns soon after that time even if the store hangs; then it may still store what was on its
   * way and is counted as dropped. An interrupt of the thread is kept and cuts nothing short.
   * Called again, it does nothing.
   *
   * @return what has become of all events
   */
  public Delivery close(Duration patience) {
    requireNonNull(patience, "patience");
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    synchronized (ending) {
      if (end != null) {
        return end;
      }
      recorder.close(patience);
      upkeep.end();
      closeStore(deadline);
      removeHook();
      end = recorder.delivery();
      return end;
    }
  }

  void countRefused(String detail) {
    drops.count(Drop.refused(detail));
  }

  private void closeStore(long deadline) {
    Thread closing = Daemon.start("telemetry-store-close", this::closeStore);
    long nanos = Math.max(SHORTEST_CLOSE.toNanos(), deadline - System.nanoTime());
    Daemon.join(closing, Duration.ofNanos(nanos));
    if (closing.isAlive()) {
      LOG.log(Level.WARNING, "the telemetry store does not close in time; it is left open");
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the telemetry store could not be closed", e);
    }
  }

  private void removeHook() {
    if (hook == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the program ends, so its hook stays");
    }
  }
}
