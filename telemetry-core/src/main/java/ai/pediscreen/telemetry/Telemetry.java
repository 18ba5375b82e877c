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
 * own (daemons, so that they keep no program from ending), which retry while the store is
 * unavailable. What is dropped is counted by {@link DropReason}, reported to {@link
 * TelemetryBuilder#onDrop}, and logged as a warning, at most once a minute. It also maintains the
 * store, computes days that are over, and exports. Logs go to {@code System.Logger}, under {@code
 * ai.pediscreen.telemetry}.
 *
 * <p>Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");

  /** How long a query waits for events that were recorded before it: a busy machine is slow. */
  private static final Duration BEFORE_QUESTION = Duration.ofSeconds(5);

  /** The same while the store is unavailable and they will hardly be stored soon. */
  private static final Duration BEFORE_QUESTION_AWAY = Duration.ofSeconds(1);

  /** The time the store gets to close, if the timeout is used up. */
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
   * Records an event and returns its outcome.
   *
   * @return the store's receipt, once the event is durable; or an {@link EventDroppedException}.
   *     Dependent stages run on the common pool unless they name an executor.
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

    /** Does the work, and sets what is known on the call. */
    T run(TelemetryCall call) throws X;
  }

  /**
   * The queries. This call waits until what was recorded before is stored: for at most five
   * seconds, for one while the store is unavailable, and not at all in an interrupted thread.
   * Answers then come from what is stored. A store may wait for a connection in addition. The
   * result can be kept: its queries do not wait for what is recorded later.
   *
   * @throws UnsupportedOperationException if the store only accepts events
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

  /** The outcome of all events that were recorded since the start. */
  public Delivery delivery() {
    return recorder.delivery();
  }

  /** How many events were dropped since the start, for each reason. */
  public Map<DropReason, Long> drops() {
    return drops.snapshot();
  }

  /** Whether the store could not store the last events, which are kept meanwhile. */
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

  /** As {@link #close(Duration)} with the timeout of the settings. */
  @Override
  public void close() {
    close(closeWithin);
  }

  /**
   * Accepts no more, stores what was recorded until the timeout, drops the rest and closes the
   * store. Returns soon after the timeout even if the store hangs; it may then still store what it
   * was given, which is counted as dropped. An interrupt of the thread is kept and shortens
   * nothing. Called again, it does nothing.
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
