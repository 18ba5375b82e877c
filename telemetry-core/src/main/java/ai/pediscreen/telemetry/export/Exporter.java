package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits in an {@link ExportQueue} to an {@link EventExporter}: events in batches, each
 * stored before it is sent, and days whose aggregates have changed. Of all exporters over one queue
 * one at a time has the lease.
 *
 * <p>It has no thread and never sleeps: the caller calls {@link #step} repeatedly, waiting as long
 * as each call says. A crash between or within steps loses and duplicates nothing; the next
 * exporter finds the stored batch and sends it.
 *
 * <p>{@link #figures} and {@link #refreshBacklog} are for any thread, the rest is for one.
 */
public final class Exporter implements AutoCloseable {

  /** Events in a batch at most. */
  public static final int MAX_BATCH = 500;

  /** How long to wait while there is nothing to do, or another has the lease. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** The longest pause between steps, so that the lease is renewed in time. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** While events wait to be stored, the pause after a step is so many times its duration. */
  private static final int REST = 3;

  /** The longest such pause. */
  private static final Duration LONGEST_REST = Duration.ofMillis(200);

  private static final Duration RENEW_PERIOD = Duration.ofSeconds(5);

  /** Events that wait, and the rows that the first of them make. */
  private record Encoded(List<WaitingEvent> waiting, @Nullable EncodedRows rows) {
    static final Encoded NOTHING = new Encoded(List.of(), null);
  }

  private final ExportQueue queue;
  private final EventExporter destination;
  private final ExportListener listener;
  private final BooleanSupplier busy;
  private final ExportBackoff backoff;
  private final LongSupplier nanoTime;
  private final RetrySchedule preparing;
  private final RetrySchedule events;
  private final RetrySchedule days;

  private @Nullable ExportLease lease;
  private boolean prepared;
  private long renewedNanos;

  /** Whether the stored batch may have been sent already. */
  private boolean mayBeSent;

  /** Read while the batch before was in flight. */
  private Encoded next = Encoded.NOTHING;

  private boolean eventsLeft = true;
  private boolean daysLeft = true;

  private volatile boolean active;
  private volatile Backlog backlog = Backlog.EMPTY;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong daysDone = new AtomicLong();
  private final AtomicLong possiblyTwice = new AtomicLong();
  private final Map<ExportException.Reason, Long> retries = new ConcurrentHashMap<>();

  /**
   * Does nothing before the first step.
   *
   * @param queue what is to be exported
   * @param destination where it goes
   * @param listener is notified of failures
   * @param busy whether events wait to be stored, which takes precedence: export then leaves three
   *     quarters of the time to that
   */
  public Exporter(
      ExportQueue queue, EventExporter destination, ExportListener listener, BooleanSupplier busy) {
    this(queue, destination, listener, busy, RandomGenerator.getDefault(), System::nanoTime);
  }

  Exporter(
      ExportQueue queue,
      EventExporter destination,
      ExportListener listener,
      BooleanSupplier busy,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.queue = requireNonNull(queue, "queue");
    this.destination = requireNonNull(destination, "destination");
    this.listener = requireNonNull(listener, "listener");
    this.busy = requireNonNull(busy, "busy");
    this.backoff = new ExportBackoff(random);
    this.nanoTime = nanoTime;
    this.preparing = new RetrySchedule(nanoTime);
    this.events = new RetrySchedule(nanoTime);
    this.days = new RetrySchedule(nanoTime);
  }

  /**
   * Does the next piece of work: at most one batch and one day.
   *
   * @return how long to wait before the next step; zero if there is more to do and nothing else to
   *     give way to
   */
  public Duration step() {
    long begunNanos = nanoTime.getAsLong();
    Duration pause = work();
    return pause.isZero() && busy.getAsBoolean()
        ? shorter(Duration.ofNanos(REST * (nanoTime.getAsLong() - begunNanos)), LONGEST_REST)
        : pause;
  }

  private Duration work() {
    try {
      if (lease == null && !takeLease()) {
        return IDLE;
      }
      ExportLease current = requireNonNull(lease, "lease");
      renew(current);
      if (!prepared) {
        Duration pause = run(preparing, this::prepare);
        if (!prepared) {
          return shorter(pause, LONGEST_WAIT);
        }
      }
      Duration untilEvents = run(events, () -> exportEvents(current));
      Duration untilDays = run(days, () -> exportDay(current));
      return shorter(shorter(untilEvents, untilDays), LONGEST_WAIT);
    } catch (StoreUnavailableException e) {
      // Those who write to the store report the outage; nothing is exported meanwhile.
      close();
      return IDLE;
    }
  }

  /**
   * Reads how much is queued, for {@link #figures}. Keeps the last value if the store does not
   * answer.
   */
  public void refreshBacklog() {
    try {
      backlog = queue.backlog();
    } catch (StoreUnavailableException e) {
      // A figure that is some seconds old is better than none.
      return;
    }
  }

  /** Whether this exporter has the lease and found nothing left to do in its last step. */
  public boolean isIdle() {
    return lease != null && !eventsLeft && !daysLeft;
  }

  /** What was done so far, and what waited when last looked at. */
  public ExportFigures figures() {
    Map<ExportException.Reason, Long> retriesByReason = new EnumMap<>(ExportException.Reason.class);
    for (ExportException.Reason reason : ExportException.Reason.values()) {
      retriesByReason.put(reason, retries.getOrDefault(reason, 0L));
    }
    return new ExportFigures(
        active,
        backlog,
        rows.get(),
        batches.get(),
        daysDone.get(),
        retriesByReason,
        possiblyTwice.get());
  }

  /** Gives up the lease, so that another may have it. The next step asks for it again. */
  @Override
  public void close() {
    active = false;
    prepared = false;
    ExportLease last = lease;
    lease = null;
    if (last != null) {
      last.close();
    }
  }

  private void renew(ExportLease current) {
    long now = nanoTime.getAsLong();
    if (now - renewedNanos >= RENEW_PERIOD.toNanos()) {
      current.renew();
      renewedNanos = now;
    }
  }

  private boolean takeLease() {
    lease = queue.tryLease().orElse(null);
    active = lease != null;
    renewedNanos = nanoTime.getAsLong();
    mayBeSent = true;
    return active;
  }

  private Duration run(RetrySchedule lane, Supplier<Duration> work) {
    return lane.run(
        work,
        failure -> {
          retries.merge(failure.reason(), 1L, Long::sum);
          Duration pause = backoff.after(failure.reason(), lane.failures());
          listener.failed(failure, pause);
          return pause;
        },
        listener::recovered);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private Duration prepare() {
    destination.prepare();
    prepared = true;
    return Duration.ZERO;
  }

  private Duration exportEvents(ExportLease current) {
    Optional<ExportBatch> stored = current.stored();
    eventsLeft = true;
    if (stored.isEmpty()) {
      eventsLeft = storeNext(current, encodeNext(current));
      return eventsLeft ? Duration.ZERO : IDLE;
    }
    ExportBatch batch = stored.get();
    boolean sentBefore = mayBeSent;
    mayBeSent = true;
    next = Encoded.NOTHING;
    AppendReceipt receipt = destination.append(batch, () -> next = encodeNext(current));
    if (receipt instanceof AppendReceipt.RowsRefused refused) {
      storeRest(current, batch, refused);
    } else if (receipt instanceof AppendReceipt.StreamLost) {
      storeInNewStream(current, batch, sentBefore);
      // A stream was lost before it took a row: the next one may be too, and opening streams is
      // expensive.
      return batch.position().offset() == 0 ? LONGEST_WAIT : Duration.ZERO;
    } else {
      rows.addAndGet(batch.rows().count());
      batches.incrementAndGet();
      // Events that came since the last look should not wait for the next.
      if (!storeNext(current, next.waiting().isEmpty() ? encodeNext(current) : next)) {
        current.store(null, 0, List.of());
        eventsLeft = false;
        return IDLE;
      }
    }
    return Duration.ZERO;
  }

  private Encoded encodeNext(ExportLease current) {
    List<WaitingEvent> waiting = current.waiting(MAX_BATCH);
    List<WaitingEvent> present = waiting.stream().filter(one -> one.json() != null).toList();
    return new Encoded(waiting, present.isEmpty() ? null : destination.encode(present));
  }

  /** Stores the next batch in place of the one that has left; false if no event waits. */
  private boolean storeNext(ExportLease current, Encoded following) {
    List<WaitingEvent> waiting = following.waiting();
    if (waiting.isEmpty()) {
      return false;
    }
    EncodedRows encoded = following.rows();
    int count = encoded == null ? 0 : encoded.count();
    int sent = 0;
    int taken = 0;
    List<DeadLetter> deadLetters = new ArrayList<>();
    for (WaitingEvent one : waiting) {
      if (one.json() == null) {
        deadLetters.add(new DeadLetter(one.reference(), "is not stored any more", null));
      } else if (sent == count) {
        break;
      } else {
        sent++;
      }
      taken++;
    }
    ExportBatch batch = encoded == null ? null : new ExportBatch(end(current), encoded);
    current.store(batch, taken, deadLetters);
    mayBeSent = false;
    gaveUp(deadLetters);
    return true;
  }

  private StreamPosition end(ExportLease current) {
    return current.end().orElseGet(() -> new StreamPosition(destination.openStream(), 0));
  }

  private void storeRest(
      ExportLease current, ExportBatch batch, AppendReceipt.RowsRefused refused) {
    EncodedRows rest = refused.rest();
    if (rest == null) {
      current.discard(refused.refused());
    } else {
      current.store(new ExportBatch(batch.position(), rest), 0, refused.refused());
    }
    // Nothing of it was written, so the rest was never sent.
    mayBeSent = false;
    gaveUp(refused.refused());
  }

  private void storeInNewStream(ExportLease current, ExportBatch batch, boolean sentBefore) {
    destination.prepare();
    StreamPosition start = new StreamPosition(destination.openStream(), 0);
    current.store(batch.at(start), 0, List.of());
    if (sentBefore) {
      possiblyTwice.addAndGet(batch.rows().count());
      listener.possiblyTwice(batch);
    }
    mayBeSent = false;
  }

  private void gaveUp(List<DeadLetter> deadLetters) {
    if (!deadLetters.isEmpty()) {
      listener.gaveUp(deadLetters);
    }
  }

  private Duration exportDay(ExportLease current) {
    Optional<DayToExport> day = current.day();
    daysLeft = day.isPresent();
    if (day.isEmpty()) {
      return IDLE;
    }
    DayToExport due = day.get();
    if (!destination.replaceDay(due.source(), due.day(), due.aggregates(), due.drift())) {
      return IDLE;
    }
    current.exported(due);
    daysDone.incrementAndGet();
    return Duration.ZERO;
  }
}
