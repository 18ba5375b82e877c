package ai.pediscreen.telemetry.server.http.protocol;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of memory for the bodies of all current requests, or for the events that were decoded
 * and are not stored yet. A body takes from it as it is read, not as it is announced, so an
 * announcement alone takes nothing from others.
 *
 * <p>Thread-safe.
 */
public final class BodyBudget {

  /** The size of small requests; larger ones leave an eighth of the budget to them. */
  private static final long SMALL_BYTES = 64 * 1024;

  private final AtomicLong freeBytes;
  private final long reserveBytes;

  /**
   * @param bytes the whole budget; at least 1
   */
  public BodyBudget(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1 but is " + bytes);
    }
    this.freeBytes = new AtomicLong(bytes);
    this.reserveBytes = bytes / 8;
  }

  /** A sixteenth of the heap, but enough for one body of the largest size while it is inflated. */
  public static BodyBudget ofHeap() {
    return new BodyBudget(
        Math.max(Runtime.getRuntime().maxMemory() / 16, 3L * RequestBodies.MAX_BODY_BYTES));
  }

  /**
   * An eighth of the heap for events that are decoded, but enough for two of the costliest within
   * the limits.
   *
   * @param costliest how many bytes one event may take
   */
  public static BodyBudget ofHeapForEvents(long costliest) {
    return new BodyBudget(Math.max(Runtime.getRuntime().maxMemory() / 8, 2 * costliest));
  }

  /** One request's share, empty at first. */
  public Lease lease() {
    return new Lease();
  }

  public long freeBytes() {
    return freeBytes.get();
  }

  /** What one request holds. Used by one thread at a time; given back once. */
  public final class Lease implements AutoCloseable {

    private final AtomicBoolean closed = new AtomicBoolean();
    private long heldBytes;

    /**
     * Takes more.
     *
     * @throws BusyException if there is not so much left
     */
    public void take(long bytes) {
      if (!tryTake(bytes)) {
        throw new BusyException("too many large bodies are being received; try again later");
      }
    }

    /** Takes more; false if there is not so much left. */
    public boolean tryTake(long bytes) {
      long left = bytes > SMALL_BYTES ? reserveBytes : 0;
      long free;
      do {
        free = freeBytes.get();
        if (free - bytes < left) {
          return false;
        }
      } while (!freeBytes.compareAndSet(free, free - bytes));
      heldBytes += bytes;
      return true;
    }

    void giveBack(long bytes) {
      heldBytes -= bytes;
      freeBytes.addAndGet(bytes);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        freeBytes.addAndGet(heldBytes);
      }
    }
  }
}
