package ai.pediscreen.telemetry.server.http.ingest;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Admits no more requests with events than are answered within {@link #MEAN_WAIT} on average, and
 * refuses the others before their events are decoded: what is decoded only to be refused takes the
 * processor from what could be stored. How many that is follows from how many are answered a second
 * by the store (Little's law), whether a request has one event or thousands, and the machine is
 * slow or fast.
 *
 * <p>A sender that has less than its share of what is under way is still admitted, up to twice as
 * many in all.
 *
 * <p>Thread-safe.
 */
final class AdmissionLimit {

  /** One in a hundred takes some four times as long, and should take no longer than a second. */
  static final Duration MEAN_WAIT = Duration.ofMillis(150);

  /** So many are always admitted. */
  static final int FEWEST = 64;

  /** So many are admitted before it is known how fast they are answered. */
  static final int AT_FIRST = 500;

  /** So often it is looked how many were answered. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** In a window with too many requests the limit falls by so much of what it is too high. */
  private static final double FALL = 0.2;

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Map<String, Integer> bySender = new HashMap<>();
  private int underWay;
  private double limit = AT_FIRST;
  private long windowBeganNanos;
  private int answeredInWindow;
  private boolean refusedInWindow;

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
   * @param request begins it; completes when the answer is there, with whether the store has
   *     answered: what is refused before it says nothing of how fast events are stored
   * @return what it gave; null if it was not begun, since too many are under way
   */
  @Nullable CompletableFuture<Boolean> begin(
      String sender, Supplier<CompletableFuture<Boolean>> request) {
    if (!enter(sender)) {
      return null;
    }
    CompletableFuture<Boolean> answered;
    try {
      answered = request.get();
    } catch (RuntimeException | Error e) {
      leave(sender, false);
      throw e;
    }
    return answered.whenComplete(
        (byTheStore, failure) -> leave(sender, failure == null && byTheStore));
  }

  private synchronized boolean enter(String sender) {
    look();
    int held = bySender.getOrDefault(sender, 0);
    if (underWay + 1 > limit && !hasLessThanItsShare(held)) {
      refusedInWindow = true;
      return false;
    }
    bySender.put(sender, held + 1);
    underWay++;
    return true;
  }

  private boolean hasLessThanItsShare(int held) {
    double share = limit / (bySender.size() + (held == 0 ? 1 : 0));
    return held + 1 <= share && underWay + 1 <= 2 * limit;
  }

  private synchronized void leave(String sender, boolean answeredByTheStore) {
    if (answeredByTheStore) {
      answeredInWindow++;
    }
    underWay--;
    bySender.computeIfPresent(sender, (name, held) -> held == 1 ? null : held - 1);
    look();
  }

  private void look() {
    long now = nanoTime.getAsLong();
    long elapsed = now - windowBeganNanos;
    if (elapsed < WINDOW_NANOS) {
      return;
    }
    double answeredInTime =
        Math.max(FEWEST, (double) answeredInWindow * MEAN_WAIT.toNanos() / elapsed);
    if (answeredInTime > limit) {
      limit = answeredInTime;
    } else if (refusedInWindow || underWay > answeredInTime) {
      limit += FALL * (answeredInTime - limit);
    }
    windowBeganNanos = now;
    answeredInWindow = 0;
    refusedInWindow = false;
  }
}
