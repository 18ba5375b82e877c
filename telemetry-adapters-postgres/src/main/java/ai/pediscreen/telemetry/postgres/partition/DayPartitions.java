package ai.pediscreen.telemetry.postgres.partition;

import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
   * Events wait while partitions are created. One that takes longer than this is given up, and none
   * is begun once so long has passed, nor before the rest is over: so they wait for twice as long
   * at most, and who reads events for this long.
   */
  private static final Duration MAKING = Duration.ofMillis(500);

  /**
   * Who reads events waits while maintenance makes a partition, and so do events of days without
   * one: for half of the time that a statement of theirs has.
   */
  private static final Duration MOVING = Duration.ofSeconds(2);

  private static final Duration REST = Duration.ofSeconds(5);

  /** A reader that ends within a second or so is waited for; the next run comes in an hour. */
  private static final int DROP_TRIES = 4;

  /** Each is one for every day that is lacking. A day that took too long is not tried again. */
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

  /** Days that {@link #MOVING} was too short for; the one that was tried last comes last. */
  private final Set<LocalDate> tookTooLong = new LinkedHashSet<>();

  /** When the time to make partitions was last used up; null for never. */
  private volatile @Nullable Long restingSinceNanos;

  public DayPartitions(Database database, int retentionDays) {
    this.database = database;
    this.retentionDays = retentionDays;
    this.indexes = new DayIndexes(database);
  }

  /**
   * Creates the partitions that these events lack, as far as that is quick. Events of a day that
   * gets none so go to the default partition, and are not the cause of another try for a minute.
   */
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
   * tried twice, is left to the next call. The first that takes too long ends it, so that readers
   * of events wait for that once; all other days come before that one in the next call.
   */
  public void maintain() {
    LocalDate today = today();
    LocalDate edge = today.minusDays(retentionDays);
    LocalDate last = today.plusDays(DAYS_AHEAD);
    Set<LocalDate> wanted = new TreeSet<>(today.datesUntil(last.plusDays(1)).toList());
    wanted.addAll(
        database.maintain(handle -> EventPartitions.daysInDefault(handle, edge, last.plusDays(1))));
    wanted.removeAll(database.write(EventPartitions::existing));
    makePatiently(inTurn(wanted));
    indexes.make(edge, today);
  }

  /** The newest first, since the coming days are needed most. */
  private List<LocalDate> inTurn(Set<LocalDate> wanted) {
    List<LocalDate> days = new ArrayList<>(new TreeSet<>(wanted).descendingSet());
    synchronized (tookTooLong) {
      tookTooLong.retainAll(wanted);
      days.removeAll(tookTooLong);
      days.addAll(tookTooLong);
    }
    return days;
  }

  private void makePatiently(List<LocalDate> days) {
    for (int attempt = 1; attempt <= MAKE_TRIES && !days.isEmpty(); attempt++) {
      for (LocalDate day : List.copyOf(days)) {
        switch (PartitionTry.make(database::maintain, day, MOVING)) {
          case DONE -> days.remove(day);
          case LATER -> {}
          case TOO_LONG -> {
            giveUp(day);
            return;
          }
        }
      }
      if (!days.isEmpty()) {
        LockSupport.parkNanos(TRY_PAUSE.toNanos());
      }
    }
    days.forEach(day -> log("make", day));
  }

  private void giveUp(LocalDate day) {
    boolean first;
    synchronized (tookTooLong) {
      first = !tookTooLong.remove(day);
      tookTooLong.add(day);
    }
    if (first) {
      LOG.warn(
          "the partition of {} takes more than {} s to make, for which questions would wait: the"
              + " default partition holds too many events. Those of that day stay there and count"
              + " as before; it is tried again each hour",
          day,
          MOVING.toSeconds());
    }
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
    for (int attempt = 1; attempt <= DROP_TRIES; attempt++) {
      if (PartitionTry.drop(database::maintain, day) == PartitionTry.DONE) {
        return true;
      }
      LockSupport.parkNanos(TRY_PAUSE.toNanos());
    }
    log("drop", day);
    return false;
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
      } else if (PartitionTry.make(database::write, day, MAKING) == PartitionTry.DONE) {
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
