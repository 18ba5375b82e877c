package ai.pediscreen.telemetry.export;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows which events and days are still to be exported. An event is put in line by the step that
 * makes it durable, so none is skipped however late that step ends.
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
   * Puts in line what was never put there of a day's events, as those which were stored while
   * export was off. Does a part of it in one step, so that it can be watched and stopped.
   * Idempotent: no event is ever put in line twice.
   *
   * @param day a UTC day
   * @param after null to begin; then what the last call returned
   * @return how many were put in line, and where to go on
   */
  Enqueued enqueue(LocalDate day, @Nullable Instant after);
}
