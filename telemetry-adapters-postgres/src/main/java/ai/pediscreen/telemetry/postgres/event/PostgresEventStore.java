package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.partition.DayPartitions;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.RefusedByDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Writes events, and what they add to the figures, in transactions that write no row which another
 * one writes, too, and take no lock that another one needs. Any number of threads and servers
 * append side by side.
 *
 * @implNote A transaction takes some thousand events at most: a larger batch is several of them, so
 *     that none runs into a time limit.
 */
public final class PostgresEventStore implements EventStore {

  /** Some tens of milliseconds of the database's time. */
  private static final int MAX_EVENTS = 2_000;

  /** So that a statement of the largest events does not run into a time limit either. */
  private static final long MAX_BYTES = 8 << 20;

  /** How many attempts are made when events conflict with other transactions. */
  private static final int MAX_TRIES = 10;

  private final Database database;
  private final DayPartitions partitions;
  private final boolean exporting;
  private final LongConsumer added;

  /**
   * @param exporting whether each event is added to the export outbox by the transaction that adds
   *     it
   * @param added is told how many bytes a transaction has added to what is to be folded, and may
   *     wait
   */
  public PostgresEventStore(
      Database database, DayPartitions partitions, boolean exporting, LongConsumer added) {
    this.database = database;
    this.partitions = partitions;
    this.exporting = exporting;
    this.added = added;
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    List<Receipt> receipts = new ArrayList<>(events.size());
    for (int from = 0; from < events.size(); ) {
      int to = endOfPart(events, from);
      receipts.addAll(appendAtOnce(events.subList(from, to)));
      from = to;
    }
    return receipts;
  }

  private static int endOfPart(List<ScopedEvent> events, int from) {
    int most = Math.min(from + MAX_EVENTS, events.size());
    long bytes = 0;
    int to = from;
    while (to < most && bytes < MAX_BYTES) {
      bytes += events.get(to).event().approximateBytes();
      to++;
    }
    return to;
  }

  private List<Receipt> appendAtOnce(List<ScopedEvent> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    List<UUID> keys = events.stream().map(scoped -> EventLedger.key(scoped.event())).toList();
    // Of equal keys the first.
    Map<UUID, ScopedEvent> distinct = new LinkedHashMap<>();
    for (int i = 0; i < events.size(); i++) {
      distinct.putIfAbsent(keys.get(i), events.get(i));
    }
    try {
      Set<UUID> fresh = appendUnknown(distinct);
      // The first of equal keys takes it out, so that the others find it gone.
      return keys.stream()
          .map(key -> fresh.remove(key) ? Receipt.accepted() : Receipt.duplicate())
          .toList();
    } catch (RefusedByDatabase e) {
      return appendHalves(events, e);
    }
  }

  /** Finds the event that the database refuses, so that it is refused alone. */
  private List<Receipt> appendHalves(List<ScopedEvent> events, RefusedByDatabase refusal) {
    if (events.size() == 1) {
      return List.of(
          Receipt.refused("the database cannot hold it (SQLSTATE " + refusal.sqlState() + ")"));
    }
    int half = events.size() / 2;
    List<Receipt> receipts = new ArrayList<>(appendAtOnce(events.subList(0, half)));
    receipts.addAll(appendAtOnce(events.subList(half, events.size())));
    return receipts;
  }

  /** Adds those that the ledger does not hold, and returns them. */
  private Set<UUID> appendUnknown(Map<UUID, ScopedEvent> events) {
    partitions.prepare(events.values());
    for (int attempt = 1; !events.isEmpty(); attempt++) {
      try {
        EventAppend.Outcome outcome =
            database.append(
                connection ->
                    EventAppend.run(
                        connection,
                        allowed(events.values()),
                        events,
                        exporting,
                        database.givenTime()));
        if (outcome.known().isEmpty()) {
          added.accept(outcome.pendingBytes());
          return new HashSet<>(events.keySet());
        }
        events.keySet().removeAll(outcome.known());
      } catch (RefusedByDatabase e) {
        // Another transaction has entered one of them since, and the next try sees which; or it has
        // made the partition that one of them belongs to, and the next try finds it.
        if (!e.isDuplicateKey() && !e.isMisrouted()) {
          throw e;
        }
        if (attempt == MAX_TRIES) {
          throw new StoreUnavailableException("conflicts with other transactions do not end", e);
        }
      }
    }
    return new HashSet<>();
  }

  /** Whose events the senders may write: those of senders that may write for all, as they are. */
  private static Collection<String> allowed(Collection<ScopedEvent> events) {
    Set<String> orgIds = new HashSet<>();
    for (ScopedEvent event : events) {
      String allowed = event.allowed().orgId();
      orgIds.add(allowed == null ? orNone(event.event().orgId()) : allowed);
    }
    return orgIds;
  }
}
