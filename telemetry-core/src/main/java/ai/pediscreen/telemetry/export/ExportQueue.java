package ai.pediscreen.telemetry.export;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows which events and days are still to be exported. An event is queued by the transaction that
 * makes it durable, so none is skipped however late that commits.
 *
 * <p>Implementations are safe for use by many threads and, where the store is shared, by many
 * programs. All methods throw {@link ai.pediscreen.telemetry.event.StoreUnavailableException} if
 * the store cannot be reached in time.
 */
public interface ExportQueue {

  /** Takes the lease to export, of which there is one, or returns empty while another has it. */
  Optional<ExportLease> tryLease();

  /** What waits now. */
  Backlog backlog();

  /**
   * Queues those of a day's events that never were, such as those stored while export was off. Each
   * call does a part, so that it can be watched and stopped. Idempotent: no event is ever queued
   * twice.
   *
   * @param day a UTC day
   * @param after null to begin; then what the last call returned
   * @return how many were queued, and where to continue
   */
  Enqueued enqueue(LocalDate day, @Nullable Instant after);
}
