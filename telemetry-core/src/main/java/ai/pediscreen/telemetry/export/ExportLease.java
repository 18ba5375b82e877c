package ai.pediscreen.telemetry.export;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lease that lets one exporter at a time export. It ends when it is closed, or when its holder
 * has not renewed it.
 *
 * <p>Used by one thread. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached or the
 * lease is lost; after that it must be closed.
 */
public interface ExportLease extends AutoCloseable {

  /** The stored batch that is not known to have arrived, if there is one. */
  Optional<ExportBatch> stored();

  /** The position of the next batch, after the last one. Empty before the first. */
  Optional<StreamPosition> end();

  /**
   * The events that have waited longest, oldest first. They stay queued.
   *
   * @param limit at most so many; at least 1
   * @return fewer than the limit also if they are large; empty only if none waits
   */
  List<WaitingEvent> waiting(int limit);

  /**
   * One atomic step: the batch stored before has left, another is stored in its place, and its
   * events are no longer queued.
   *
   * @param next the batch to be sent next; null if there is none
   * @param taken how many of the events that {@link #waiting} returned last leave the queue, from
   *     the first on, whether they are in the batch or dead letters
   * @param deadLetters those that will not be exported
   */
  void store(@Nullable ExportBatch next, int taken, List<DeadLetter> deadLetters);

  /**
   * One atomic step: the batch stored before is given up, and its place is free again.
   *
   * @param deadLetters its events
   */
  void discard(List<DeadLetter> deadLetters);

  /** The oldest day whose aggregates are not exported as they are now, if there is one. */
  Optional<DayToExport> day();

  /** Notes that a day is exported at its revision. */
  void exported(DayToExport day);

  /** Renews the lease; call it at least every half minute. */
  void renew();

  @Override
  void close();
}
