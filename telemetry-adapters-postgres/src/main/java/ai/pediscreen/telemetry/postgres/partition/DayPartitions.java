package ai.pediscreen.telemetry.postgres.partition;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.LockTimeout;
import ai.pediscreen.telemetry.postgres.transaction.RefusedByDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the partitions of days: a week ahead by {@link #maintain}, any other day of the retention
 * when its first event comes. Never waits long for a lock that readers hold: events of a day that
 * could not get its partition go to the default one, and are moved later.
 *
 * <p>Thread-safe.
 */
public final class DayPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(DayPartitions.class);

  public static final int DAYS_AHEAD = 7;

  /**
   * Events wait while partitions are created: for so long at most, and not again before the pause
   * is over.
   */
  private static final Duration MAKING = Duration.ofMillis(250);

  private static final Duration REST = Duration.ofSeconds(5);

  private static final Duration LOCK_WAIT = Duration.ofMillis(100);

  /** A reader that ends within a second or so is waited for; the next run comes in an hour. */
  private static final int DROP_TRIES = 4;

  /** Each is one for every day that is lacking. */
  private static final int MAKE_TRIES = 2;

  private static final Duration TRY_PAUSE = Duration.ofMillis(400);

  /** After a failure to create a partition, events do not retry for so long. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Database database;
  private final int retentionDays;
  private final DayIndexes indexes;

  /** Days that need no check: they have a partition, or cannot get one. */
  private final Set<LocalDate> settled = ConcurrentHashMap.newKeySet();

  private final Map<LocalDate, Long> pausedSinceNanos = new ConcurrentHashMap<>();

  /** When the time to make partitions was last used up; null for never. */
  private volatile @Nullable Long restingSinceNanos;

  public DayPartitions(Database database, int retentionDays) {
    this.database = database;
    this.retentionDays = retentionDays;
    this.indexes = new DayIndexes(database);
  }

  /** Creates the partitions that these events lack, as far as that is quick. */
  public void prepare(Collection<ScopedEvent> events) {
    if (isWithin(REST, restingSinceNanos)) {
      return;
    }
    Set<LocalDate> unsettled = null;
    for (ScopedEvent event : events) {
      LocalDate day = event.event().day();
      if (!settled.contains(day) && !isPaused(day)) {
        unsettled = unsettled == null ? new TreeSet<>() : unsettled;
        unsettled.add(day);
      }
    }
    if (unsettled != null) {
      make(unsettled);
    }
  }

  /**
   * Makes the partitions of the coming days, and moves what the default partition holds of days
   * that should have one. Each step is a transaction of its own; one that cannot have its lock,
   * tried twice, is left to the next call.
   */
  public void maintain() {
    LocalDate today = today();
    LocalDate edge = today.minusDays(retentionDays);
    LocalDate last = today.plusDays(DAYS_AHEAD);
    Set<LocalDate> wanted = new TreeSet<>(today.datesUntil(last.plusDays(1)).toList());
    wanted.addAll(
        database.maintain(handle -> EventPartitions.daysInDefault(handle, edge, last.plusDays(1))));
    wanted.removeAll(database.write(EventPartitions::existing));
    tryPatiently("make", MAKE_TRIES, wanted, EventPartitions::make);
    indexes.make(edge, today);
  }

  /**
   * Makes the indexes for searches in days that are over and that nothing was added to since this
   * was last called: an import would have to keep them up to date event by event. A day that keeps
   * growing gets them by {@link #maintain}.
   */
  public void indexQuietDays() {
    LocalDate today = today();
    indexes.makeInQuietDays(today.minusDays(retentionDays), today);
  }

  /** The days before an edge that have a partition, oldest first. */
  public List<LocalDate> before(LocalDate edge) {
    return database.write(handle -> before(handle, edge));
  }

  public static List<LocalDate> before(Handle handle, LocalDate edge) {
    return EventPartitions.existing(handle).stream().filter(day -> day.isBefore(edge)).toList();
  }

  /** Drops a day's partition with its events; returns if that could be done without waiting. */
  public boolean drop(LocalDate day) {
    settled.remove(day);
    return tryPatiently("drop", DROP_TRIES, new TreeSet<>(Set.of(day)), EventPartitions::drop);
  }

  /** Retries some days while a reader holds a lock; returns whether all succeeded. */
  private boolean tryPatiently(
      String step, int tries, Set<LocalDate> days, BiConsumer<Handle, LocalDate> work) {
    for (int attempt = 1; attempt <= tries && !days.isEmpty(); attempt++) {
      days.removeIf(day -> tryStep(database::maintain, handle -> work.accept(handle, day)));
      if (!days.isEmpty()) {
        LockSupport.parkNanos(TRY_PAUSE.toNanos());
      }
    }
    days.forEach(day -> log(step, day));
    return days.isEmpty();
  }

  /** One thread at a time: the others then find what they need. */
  private synchronized void make(Set<LocalDate> days) {
    days.removeIf(day -> settled.contains(day) || isPaused(day));
    if (days.isEmpty() || isWithin(REST, restingSinceNanos)) {
      return;
    }
    LocalDate today = today();
    LocalDate edge = today.minusDays(retentionDays);
    LocalDate last = today.plusDays(DAYS_AHEAD);
    Set<LocalDate> existing = new TreeSet<>(database.write(EventPartitions::existing));
    long begun = System.nanoTime();
    for (LocalDate day : days) {
      if (existing.contains(day)) {
        settled.add(day);
      } else if (day.isBefore(edge) || day.isAfter(last)) {
        pause(day);
      } else if (!isWithin(MAKING, begun)) {
        restingSinceNanos = System.nanoTime();
        return;
      } else if (tryStep(database::write, handle -> EventPartitions.make(handle, day))) {
        settled.add(day);
      } else {
        log("make", day);
        pause(day);
      }
    }
  }

  private static void log(String step, LocalDate day) {
    LOG.info("cannot {} the partition of {} now; retrying later", step, day);
  }

  private static boolean tryStep(
      Consumer<Database.Work<Boolean>> transaction, Consumer<Handle> work) {
    try {
      transaction.accept(
          handle -> {
            LockTimeout.set(handle, LOCK_WAIT);
            work.accept(handle);
            return true;
          });
      return true;
    } catch (StoreUnavailableException | RefusedByDatabase e) {
      if (!isPassing(e)) {
        throw e;
      }
      return false;
    }
  }

  /** Another holds a lock, was faster, or has added to the default partition meanwhile. */
  private static boolean isPassing(RuntimeException e) {
    return LockTimeout.isCauseOf(e)
        || e instanceof RefusedByDatabase
        || EventPartitions.isAlreadyThere(e);
  }

  private boolean isPaused(LocalDate day) {
    return isWithin(PAUSE, pausedSinceNanos.get(day));
  }

  private static boolean isWithin(Duration duration, @Nullable Long sinceNanos) {
    return sinceNanos != null && System.nanoTime() - sinceNanos < duration.toNanos();
  }

  private void pause(LocalDate day) {
    if (pausedSinceNanos.size() > 1_000) {
      // Senders choose timestamps, so this must not grow with them.
      pausedSinceNanos.clear();
    }
    pausedSinceNanos.put(day, System.nanoTime());
  }

  private LocalDate today() {
    Instant now = database.write(database::now);
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }
}
