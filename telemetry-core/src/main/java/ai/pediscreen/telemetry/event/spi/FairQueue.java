package ai.pediscreen.telemetry.event.spi;

import ai.pediscreen.telemetry.event.Receipt;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Queued appends, with a line for each organisation. The lines are served in turn, so that an
 * organisation that sends too much delays itself and not the others. Not thread-safe.
 */
final class FairQueue {

  /** A line gives at least one append when it is its turn, and more while they are small. */
  private static final int EVENTS_A_TURN = 64;

  /**
   * Once the first of a line has waited for so long, the line accepts no more unless it is short:
   * what comes would wait longer still. So a slow store has a short queue.
   */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** All lines together may always hold so many events. */
  private static final int FEW = 1_000;

  private final int capacity;
  private final LongSupplier nanoTime;

  private final Map<String, Line> lines = new HashMap<>();

  /** Those that are not empty, the next one first. */
  private final ArrayDeque<Line> turns = new ArrayDeque<>();

  private int events;
  private int eventsOfThisTurn;

  /**
   * @param capacity how many events may wait
   */
  FairQueue(int capacity) {
    this(capacity, System::nanoTime);
  }

  FairQueue(int capacity, LongSupplier nanoTime) {
    this.capacity = capacity;
    this.nanoTime = nanoTime;
  }

  boolean isEmpty() {
    return turns.isEmpty();
  }

  /** How many events wait. */
  int events() {
    return events;
  }

  /**
   * Adds an append, if there is room. An empty queue has room for any size. In a full queue a line
   * that holds less than its share still has room, up to twice the capacity in all. A line that is
   * served too slowly has none.
   *
   * @return false if there is no room
   */
  boolean add(Append append) {
    String sender = sender(append);
    Line line = lines.get(sender);
    if (!isEmpty() && !hasRoom(line, append.events.size())) {
      return false;
    }
    if (line == null) {
      line = new Line(sender);
      lines.put(sender, line);
      turns.add(line);
    }
    line.appends.add(append);
    line.events += append.events.size();
    events += append.events.size();
    return true;
  }

  private boolean hasRoom(@Nullable Line line, int more) {
    if (line != null && isSlow(line)) {
      return false;
    }
    if (events + more <= capacity) {
      return true;
    }
    int share = capacity / (lines.size() + (line == null ? 1 : 0));
    int held = line == null ? 0 : line.events;
    return held + more <= share && events + more <= 2L * capacity;
  }

  private boolean isSlow(Line line) {
    return (long) line.events * lines.size() > FEW
        && nanoTime.getAsLong() - line.appends.element().queuedAtNanos > LONGEST_WAIT_NANOS;
  }

  /** Takes the next one out; null if none waits. */
  @Nullable Append poll() {
    Line line = turns.peek();
    if (line == null) {
      return null;
    }
    Append append = line.appends.remove();
    append.taken = true;
    shrink(line, append);
    eventsOfThisTurn += append.events.size();
    if (line.appends.isEmpty()) {
      turns.remove();
      lines.remove(line.sender);
      eventsOfThisTurn = 0;
    } else if (eventsOfThisTurn >= EVENTS_A_TURN) {
      turns.add(turns.remove());
      eventsOfThisTurn = 0;
    }
    return append;
  }

  /** Takes one out that is not wanted any more. */
  void remove(Append append) {
    Line line = lines.get(sender(append));
    if (line != null && line.appends.remove(append)) {
      shrink(line, append);
      if (line.appends.isEmpty()) {
        turns.remove(line);
        lines.remove(line.sender);
      }
    }
  }

  /** The one whose turn is next; null if none waits. */
  @Nullable Append peek() {
    Line line = turns.peek();
    return line == null ? null : line.appends.peek();
  }

  /** The one that has waited longest; null if none waits. */
  @Nullable Append oldest() {
    Append oldest = null;
    for (Line line : turns) {
      Append first = line.appends.element();
      if (oldest == null || first.queuedAtNanos - oldest.queuedAtNanos < 0) {
        oldest = first;
      }
    }
    return oldest;
  }

  private void shrink(Line line, Append append) {
    line.events -= append.events.size();
    events -= append.events.size();
  }

  /** The organisation of the sender or, if any may be written for, that of the first event. */
  private static String sender(Append append) {
    if (append.events.isEmpty()) {
      return "";
    }
    ScopedEvent first = append.events.get(0);
    String orgId =
        first.allowed().orgId() == null ? first.event().orgId() : first.allowed().orgId();
    return orgId == null ? "" : orgId;
  }

  /** Identity, not content, tells two appends apart. */
  static final class Append {
    final List<ScopedEvent> events;
    final CompletableFuture<List<Receipt>> result = new CompletableFuture<>();
    final long queuedAtNanos = System.nanoTime();

    /** Set when it leaves the queue to be appended, and never reset. */
    volatile boolean taken;

    Append(List<ScopedEvent> events) {
      this.events = List.copyOf(events);
    }
  }

  private static final class Line {
    final String sender;
    final ArrayDeque<Append> appends = new ArrayDeque<>();
    int events;

    Line(String sender) {
      this.sender = sender;
    }
  }
}
