package ai.pediscreen.telemetry.postgres.usage;

import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.RollupWidth.Piece;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Which rows answer a question.
 *
 * @param since the window's beginning
 * @param lastMinute the one that the window ends in
 * @param before how far rows are read: so far that they count nothing which lies after the window,
 *     or to the end of its last minute
 * @param later whether the rows of the last minute count events that lie after the window
 */
record Coverage(Instant since, Instant lastMinute, Instant before, boolean later) {

  /**
   * Looks for events after the window only where it ends within rows: of days long ago there may be
   * none any more.
   *
   * @param filter for raw events
   */
  static Coverage of(Database database, Handle handle, UsageFilter filter) {
    Instant until = filter.window().until();
    Instant end = filter.window().end();
    if (end.equals(RollupWidth.MINUTE.bucket(end))
        && RollupWidth.endAt(end, database.now(handle))) {
      return new Coverage(filter.window().since(), RollupWidth.MINUTE.bucket(until), end, false);
    }
    Instant firstAfter = EventCalls.firstAfter(handle, filter, until, RollupWidth.DAY.next(until));
    Instant minuteEnd = RollupWidth.MINUTE.next(until);
    boolean later = firstAfter != null && firstAfter.isBefore(minuteEnd);
    return new Coverage(
        filter.window().since(),
        RollupWidth.MINUTE.bucket(until),
        later ? minuteEnd : RollupWidth.coveredUntil(until, firstAfter),
        later);
  }

  boolean includes(Instant minute) {
    return !minute.isBefore(since) && minute.isBefore(before);
  }

  /**
   * The fewest rows; if the last minute counts later events, it is apart, since what those hide is
   * looked for in it alone.
   */
  List<Piece> pieces() {
    if (!later) {
      return RollupWidth.pieces(since, before);
    }
    List<Piece> pieces = new ArrayList<>(RollupWidth.pieces(since, lastMinute));
    pieces.add(new Piece(RollupWidth.MINUTE, lastMinute, before));
    return pieces;
  }

  /** Rows that are at most so wide. */
  List<Piece> pieces(RollupWidth widest) {
    return RollupWidth.pieces(since, before, widest);
  }
}
