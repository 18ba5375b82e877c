package ai.pediscreen.telemetry.export;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lease to export. Ends when it is closed, or when its holder is not heard of any more; then
 * its methods throw.
 *
 * <p>Used by one thread. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached or the
 * lease is lost; it is of no use after that and is to be closed.
 */
public interface ExportLease extends AutoCloseable {

  /** The batch that was stored and is not known to have arrived, if there is one. */
  Optional<ExportBatch> stored();

  /** Where the next batch goes: behind the last one. Empty before the first. */
  Optional<StreamPosition> end();

  /**
   * The events that have waited longest, oldest first. They go on waiting.
   *
   * @param limit at most so many; at least 1
   * @return fewer than the limit also if they are large; empty only if none waits
   */
  List<WaitingEvent> waiting(int limit);

  /**
   * One step that happens whole or not at all: the batch stored before has left, another is stored
   * in its place, and its events wait no more.
   *
   * @param next the batch to be sent next; null if there is none
   * @param taken how many of the events that {@link #waiting} returned last wait no more, from the
   *     first on, whether they are in the batch or not to be exported at all
   * @param deadLetters those that will not be exported
   */
  void store(@Nullable ExportBatch next, int taken, List<DeadLetter> deadLetters);

  /**
   * One step that happens whole or not at all: the batch stored before is given up, and its place
   * is free again.
   *
   * @param deadLetters its events
   */
  void discard(List<DeadLetter> deadLetters);

  /** The oldest day whose aggregates are not exported as they are now, if there is one. */
  Optional<DayToExport> day();

  /** Notes that a day is exported at its revision. */
  void exported(DayToExport day);

  /** Says that its holder lives, which it is to do at least every half minute. */
  void renew();

  @Override
  void close();
}
