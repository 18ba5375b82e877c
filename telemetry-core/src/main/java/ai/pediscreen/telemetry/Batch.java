package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the queue that go to the store together. The outcome of each is settled once: by the
 * thread that writes it or, if that is first, by the end of the program.
 */
final class Batch {

  /** An event whose caller waits for the outcome; other entries are the event itself. */
  record Awaited(TelemetryEvent event, CompletableFuture<Receipt> result) {}

  private final long from;
  private final List<Object> entries;

  // Guarded by this.
  private final BitSet settled = new BitSet();

  /**
   * Entries that follow each other.
   *
   * @param from the number of the first of them in the queue
   */
  Batch(long from, List<Object> entries) {
    this.from = from;
    this.entries = entries;
  }

  long from() {
    return from;
  }

  int size() {
    return entries.size();
  }

  TelemetryEvent event(int index) {
    return event(entries.get(index));
  }

  static TelemetryEvent event(Object entry) {
    return entry instanceof Awaited awaited ? awaited.event() : (TelemetryEvent) entry;
  }

  /** Whether this call settles the entry; false if another call already has. */
  synchronized boolean settle(int index) {
    boolean first = !settled.get(index);
    settled.set(index);
    return first;
  }

  synchronized boolean isSettled() {
    return settled.cardinality() == entries.size();
  }

  /**
   * Completes the caller's future, if there is one. Its callbacks run on other threads, which
   * nothing here waits for.
   *
   * @param receipt what the store said; null if the event was dropped
   * @param drop why it was dropped, if it was
   */
  void complete(int index, @Nullable Receipt receipt, Drop drop) {
    if (entries.get(index) instanceof Awaited awaited) {
      CompletableFuture<Receipt> unused =
          awaited
              .result()
              .completeAsync(
                  () -> {
                    if (receipt == null) {
                      throw new EventDroppedException(drop);
                    }
                    return receipt;
                  });
    }
  }
}
