package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets in no more requests with events than are answered within {@link #LONGEST_WAIT}, and sends
 * the others away before they cost anything: who waits longer than that had better come again, and
 * what is decoded only to be refused takes the processor from what could be stored. How many that
 * is follows from how many were answered a second while many were under way (Little's law), so a
 * request may be of one event or of thousands, and the machine slow or fast.
 *
 * <p>A sender that has less than its share of what is under way is let in still, up to twice as
 * many in all.
 *
 * <p>Thread-safe.
 */
final class AdmissionLimit {

  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  /** So many are let in always; and while fewer are under way, how fast they are says nothing. */
  static final int FEWEST = 64;

  /** So often it is looked how many were answered. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** By so much of the difference the rate falls in a window; it rises at once. */
  private static final double FALL = 0.1;

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Map<String, Integer> bySender = new HashMap<>();
  private int underWay;
  private double limit = Integer.MAX_VALUE;
  private long windowBeganNanos;
  private int answeredInWindow;
  private boolean manyInWindow;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  AdmissionLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowBeganNanos = nanoTime.getAsLong();
  }

  /**
   * Begins a request, whose body is there, and counts it until it is answered.
   *
   * @param sender whose share it is part of
   * @param request begins it; completes when the answer is there
   * @throws StoreUnavailableException if it was not begun, since too many are under way
   */
  CompletableFuture<Void> begin(String sender, Supplier<CompletableFuture<Void>> request) {
    enter(sender);
    CompletableFuture<Void> answered;
    try {
      answered = request.get();
    } catch (RuntimeException | Error e) {
      leave(sender);
      throw e;
    }
    return answered.whenComplete((nothing, failure) -> leave(sender));
  }

  private synchronized void enter(String sender) {
    look();
    int held = bySender.getOrDefault(sender, 0);
    if (underWay >= limit) {
      double share = limit / (bySender.size() + (held == 0 ? 1 : 0));
      if (held >= share || underWay >= 2 * limit) {
        throw new StoreUnavailableException("too many requests with events are under way");
      }
    }
    bySender.put(sender, held + 1);
    underWay++;
  }

  private synchronized void leave(String sender) {
    look();
    answeredInWindow++;
    underWay--;
    bySender.computeIfPresent(sender, (name, held) -> held == 1 ? null : held - 1);
    manyInWindow &= underWay >= FEWEST;
  }

  private void look() {
    long now = nanoTime.getAsLong();
    long elapsed = now - windowBeganNanos;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    if (manyInWindow) {
      double within = (double) answeredInWindow * LONGEST_WAIT.toNanos() / elapsed;
      double next =
          limit == Integer.MAX_VALUE || within > limit ? within : limit + FALL * (within - limit);
      limit = Math.max(FEWEST, next);
    }
    windowBeganNanos = now;
    answeredInWindow = 0;
    manyInWindow = underWay >= FEWEST;
  }
}
