package ai.pediscreen.telemetry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts dropped events by reason. Counting is cheap; listeners and log are served by background
 * threads.
 */
final class Drops {

  private static final Logger LOG = System.getLogger("ai.pediscreen.telemetry");
  private static final long WARN_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<DropReason, LongAdder> counts = new EnumMap<>(DropReason.class);
  private final List<DropListener> listeners;

  /** What was reported to the listeners; used only by the thread that reports. */
  private final Map<DropReason, Long> heard = new EnumMap<>(DropReason.class);

  /** Why the first event since the last log line was refused. */
  private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();

  // Guarded by logged.
  private final Map<DropReason, Long> logged = new EnumMap<>(DropReason.class);
  private boolean everLogged;
  private long loggedAtNanos;

  Drops(List<DropListener> listeners) {
    this.listeners = List.copyOf(listeners);
    for (DropReason reason : DropReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void count(DropReason reason, long events) {
    counter(reason).add(events);
  }

  void count(Drop drop) {
    if (drop.reason() == DropReason.REFUSED) {
      // Before it is counted, so that a warning that counts it also has its reason.
      refusal.compareAndSet(null, drop.detail());
    }
    count(drop.reason(), 1);
  }

  long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<DropReason, Long> snapshot() {
    Map<DropReason, Long> snapshot = new EnumMap<>(DropReason.class);
    counts.forEach((reason, count) -> snapshot.put(reason, count.sum()));
    return snapshot;
  }

  /** Reports to the listeners what was dropped since the last time; called by one thread only. */
  void notifyListeners() {
    snapshot()
        .forEach(
            (reason, count) -> {
              long more = count - heard.getOrDefault(reason, 0L);
              if (more > 0) {
                heard.put(reason, count);
                listeners.forEach(listener -> call(listener, reason, more));
              }
            });
  }

  /**
   * Writes to the log, at most once a minute.
   *
   * @param last whether nothing comes after this, so that the minute does not matter
   */
  void writeLog(boolean last) {
    synchronized (logged) {
      List<String> parts = new ArrayList<>();
      Map<DropReason, Long> now = snapshot();
      now.forEach(
          (reason, count) -> {
            long more = count - logged.getOrDefault(reason, 0L);
            if (more > 0) {
              parts.add(more + " " + reason);
            }
          });
      long nanos = System.nanoTime();
      if (!parts.isEmpty() && (last || !everLogged || nanos - loggedAtNanos >= WARN_EVERY_NANOS)) {
        everLogged = true;
        loggedAtNanos = nanos;
        logged.putAll(now);
        LOG.log(
            Level.WARNING,
            "telemetry events were dropped: " + String.join(", ", parts) + firstRefusal(parts));
      }
    }
  }

  private String firstRefusal(List<String> parts) {
    boolean counted = parts.stream().anyMatch(part -> part.endsWith(" " + DropReason.REFUSED));
    String first = counted ? refusal.getAndSet(null) : null;
    return first == null ? "" : "; first refusal: " + first;
  }

  private LongAdder counter(DropReason reason) {
    return Objects.requireNonNull(counts.get(reason), "counts has every reason");
  }

  private static void call(DropListener listener, DropReason reason, long events) {
    try {
      listener.dropped(reason, events);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOG.log(Level.WARNING, "a listener of dropped telemetry events failed", e);
    }
  }
}
