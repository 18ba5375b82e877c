package ai.pediscreen.telemetry.postgres.partition;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.LockTimeout;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the indexes for searches in partitions of days that are over. One server at a time does so.
 *
 * <p>Thread-safe.
 */
final class DayIndexes {

  private static final Logger LOG = LoggerFactory.getLogger(DayIndexes.class);

  /** Held by the one server that makes indexes. "PSTINDX" in ASCII. */
  private static final long INDEX_LOCK = 0x50_53_54_49_4e_44_58L;

  private static final Duration INDEX_WAIT = Duration.ofSeconds(2);

  /** Late events of a day wait while a server that is not the owner makes an index. */
  private static final Duration INDEX_LIMIT = Duration.ofSeconds(3);

  private final Database database;

  /** How many rows days without indexes had when they were last looked at. */
  private final Map<LocalDate, Long> added = new ConcurrentHashMap<>();

  /** Days that are too large for {@link #INDEX_LIMIT}. */
  private final Set<LocalDate> tooLarge = ConcurrentHashMap.newKeySet();

  DayIndexes(Database database) {
    this.database = database;
  }

  /** Makes those that are missing in the days from the first to before the last one. */
  void make(LocalDate first, LocalDate before) {
    missing(first, before).forEach(this::make);
  }

  /** The same in days that nothing was added to since this was last called. */
  void makeInQuietDays(LocalDate first, LocalDate before) {
    List<EventPartitions.Partition> partitions = missing(first, before);
    for (EventPartitions.Partition partition : partitions) {
      Long known = added.put(partition.day(), partition.added());
      if (known != null && known == partition.added()) {
        make(partition);
      }
    }
    added.keySet().retainAll(partitions.stream().map(EventPartitions.Partition::day).toList());
  }

  private List<EventPartitions.Partition> missing(LocalDate first, LocalDate before) {
    return database.write(handle -> EventPartitions.withoutIndexes(handle, first, before));
  }

  /**
   * Makes the indexes for searches in a day that is over, without keeping late events out. That
   * waits for transactions that are older; if one of them takes long, it is left to the next call.
   */
  private void make(EventPartitions.Partition partition) {
    LocalDate day = partition.day();
    if (tooLarge.contains(day)) {
      return;
    }
    try {
      database.inOwnSession(
          handle -> {
            if (AdvisoryLock.tryInSession(handle, INDEX_LOCK)) {
              // Another server may have made some since they were found missing.
              EventPartitions.withoutIndexes(handle, day, day.plusDays(1))
                  .forEach(lacking -> make(handle, lacking));
            }
            return day;
          });
    } catch (StoreUnavailableException e) {
      if (!partition.owned() && LockTimeout.isCancelled(e)) {
        tooLarge.add(day);
        LOG.warn(
            "only the tables' owner can create the indexes of {}; run the command migrate", day);
      } else if (LockTimeout.isCauseOf(e)) {
        LOG.info("cannot create the indexes of {} now; retrying later", day);
      } else {
        throw e;
      }
    }
  }

  private static void make(Handle handle, EventPartitions.Partition partition) {
    handle.execute("SET statement_timeout = " + (partition.owned() ? 0 : INDEX_LIMIT.toMillis()));
    handle.execute("SET lock_timeout = '%dms'".formatted(INDEX_WAIT.toMillis()));
    try {
      partition.missingIndexes().forEach(handle::execute);
    } finally {
      handle.execute("RESET lock_timeout");
      handle.execute("RESET statement_timeout");
    }
  }
}
