package ai.pediscreen.telemetry.server.http.stream;

import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The permits to read files of events. Each holds a thread and a connection to the store for as
 * long as its reader takes, so there are few, one key has at most half of them, and a reader that
 * is too slow loses its permit.
 *
 * <p>Thread-safe.
 */
final class FilePermits {

  private final int all;
  private final int byKey;
  private final Set<Permit> taken = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private final Map<String, Integer> keys = new ConcurrentHashMap<>();
  private int used;
  private boolean closed;

  FilePermits(int all, int byKey) {
    this.all = all;
    this.byKey = byKey;
  }

  /**
   * Takes a permit, to be closed when the file is read.
   *
   * @param key the reader's key; null for a reader without one
   * @throws ProblemException 503 if there is none
   */
  Permit take(@Nullable String key) {
    synchronized (this) {
      if (closed) {
        throw Problem.busy("the service is shutting down").exception();
      }
      if (used == all || (key != null && keys.getOrDefault(key, 0) >= byKey)) {
        throw Problem.busy("too many files of events are being read; ask again later").exception();
      }
      used++;
      if (key != null) {
        keys.merge(key, 1, Integer::sum);
      }
    }
    Permit permit = new Permit(key);
    taken.add(permit);
    return permit;
  }

  /** Cuts off readers that are too slow. Call it about every second. */
  void sweep() {
    taken.forEach(
        permit -> {
          Reading reading = permit.reading;
          if (reading != null && reading.output.isTooSlow()) {
            reading.endPoint.close();
          }
        });
  }

  /** Gives out no more permits, and cuts off all readers. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    taken.forEach(
        permit -> {
          Reading reading = permit.reading;
          if (reading != null) {
            reading.endPoint.close();
          }
        });
  }

  private synchronized void giveBack(@Nullable String key) {
    used--;
    if (key != null) {
      keys.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1);
    }
  }

  /** One reader's. */
  final class Permit implements AutoCloseable {
    private final @Nullable String key;
    private volatile @Nullable Reading reading;

    private Permit(@Nullable String key) {
      this.key = key;
    }

    /** The file is on its way. */
    void reads(PacedOutput output, EndPoint endPoint) {
      reading = new Reading(output, endPoint);
    }

    @Override
    public void close() {
      if (taken.remove(this)) {
        giveBack(key);
      }
    }
  }

  private record Reading(PacedOutput output, EndPoint endPoint) {}
}
