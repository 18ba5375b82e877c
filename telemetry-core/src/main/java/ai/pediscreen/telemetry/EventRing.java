package ai.pediscreen.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue: many threads offer to it without a lock and without allocating, and one thread
 * at a time takes from it. What was taken keeps its place until it is released, so that the bound
 * holds for what is on its way too.
 *
 * <p>Each place that is offered to has a number, from 0 up. Closing sets the highest bit of the
 * next number, so that no offer can come after it unseen.
 */
final class EventRing {

  /** What became of an offer. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  private static final long CLOSED_BIT = Long.MIN_VALUE;

  private final AtomicReferenceArray<@Nullable Object> slots;
  private final int mask;
  private final int capacity;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong released = new AtomicLong();

  /** Written by the one who takes. */
  private volatile long taken;

  /** An empty one for so many entries, 1 to 2²⁴. */
  EventRing(int capacity) {
    this.capacity = capacity;
    int size = Integer.highestOneBit(Math.max(1, capacity - 1)) * 2;
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  Offer offer(Object entry) {
    while (true) {
      long place = next.get();
      if (place < 0) {
        return Offer.CLOSED;
      }
      if (place - released.get() >= capacity) {
        return Offer.FULL;
      }
      if (next.compareAndSet(place, place + 1)) {
        slots.setRelease((int) place & mask, entry);
        return Offer.TAKEN;
      }
      Thread.onSpinWait();
    }
  }

  /** The oldest entry, or null if there is none, or none that was put into its place yet. */
  @Nullable Object take() {
    long place = taken;
    int slot = (int) place & mask;
    Object entry = slots.getAcquire(slot);
    if (entry != null) {
      slots.setRelease(slot, null);
      taken = place + 1;
    }
    return entry;
  }

  /** Gives back the places of so many entries that were taken. */
  void release(int entries) {
    released.addAndGet(entries);
  }

  /** Takes no more offers. */
  void close() {
    next.getAndUpdate(place -> place | CLOSED_BIT);
  }

  boolean isClosed() {
    return next.get() < 0;
  }

  /** How many entries were ever offered and taken in. */
  long offered() {
    return next.get() & ~CLOSED_BIT;
  }

  /** The number of the next entry to be taken. */
  long taken() {
    return taken;
  }

  /** How many entries wait to be taken. */
  long waiting() {
    return Math.max(0, offered() - taken);
  }

  /** How many entries have not been released. */
  long held() {
    return Math.max(0, offered() - released.get());
  }
}
