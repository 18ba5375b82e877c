package ai.pediscreen.telemetry.server.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the bodies of all requests under way may take together. A body is paid for as it
 * is read, not as it is announced, so an announcement alone takes nothing from others.
 *
 * <p>Thread-safe.
 */
final class BodyBudget {

  private final AtomicLong freeBytes;

  /**
   * @param bytes the whole budget; at least 1
   */
  BodyBudget(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes must be at least 1 but is " + bytes);
    }
    this.freeBytes = new AtomicLong(bytes);
  }

  /** A sixteenth of the heap, but enough for one body of the largest size while it is inflated. */
  static BodyBudget ofHeap() {
    return new BodyBudget(
        Math.max(Runtime.getRuntime().maxMemory() / 16, 3L * RequestBodies.MAX_BODY_BYTES));
  }

  /** One request's share, empty at first. */
  Lease lease() {
    return new Lease();
  }

  long freeBytes() {
    return freeBytes.get();
  }

  /** What one request holds. Used by one thread at a time; given back once. */
  final class Lease implements AutoCloseable {

    private final AtomicBoolean closed = new AtomicBoolean();
    private long heldBytes;

    /**
     * Takes more.
     *
     * @throws ProblemException 503 if there is not so much left
     */
    void take(long bytes) {
      if (freeBytes.addAndGet(-bytes) < 0) {
        freeBytes.addAndGet(bytes);
        throw Problem.busy("too many large bodies are under way").exception();
      }
      heldBytes += bytes;
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
