package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventLedger.orNone;

import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.EventLedger.Identity;
import ai.pediscreen.telemetry.usage.UsageLabel;
import ai.pediscreen.telemetry.usage.UsageTally;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Writes a group of events, and everything that is counted of them, in one transaction.
 *
 * @implNote First the ledger says which events are fresh, then these are copied, then their counts
 *     are added under one advisory lock. Committers of several servers meet at the same rollup rows
 *     anyway (those of all organisations together); the lock makes them meet at one known point,
 *     before which they run side by side. It also gives late days their meaning: whoever takes the
 *     lock after midnight knows that every earlier holder has committed, and that every later
 *     holder will see the day as over.
 */
final class PostgresEventStore implements EventStore {

  /** Held from the first rollup row written to the commit. "PSTROLL" in ASCII. */
  static final long ROLLUP_LOCK = 0x50_53_54_52_4f_4c_4cL;

  private final Database database;
  private final boolean exporting;

  /**
   * With {@code exporting} each event is put in line for export by the transaction that adds it.
   */
  PostgresEventStore(Database database, boolean exporting) {
    this.database = database;
    this.exporting = exporting;
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    try {
      Set<Identity> fresh = database.write(handle -> insert(handle, events));
      List<Receipt> receipts = new ArrayList<>(events.size());
      for (ScopedEvent event : events) {
        // The first of equal identities takes it out, so that the others find it gone.
        receipts.add(
            fresh.remove(Identity.of(event.event())) ? Receipt.accepted() : Receipt.duplicate());
      }
      return receipts;
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
    List<Receipt> receipts = new ArrayList<>(append(events.subList(0, half)));
    receipts.addAll(append(events.subList(half, events.size())));
    return receipts;
  }

  private Set<Identity> insert(Handle handle, List<ScopedEvent> scoped) throws SQLException {
    List<TelemetryEvent> events = scoped.stream().map(ScopedEvent::event).toList();
    Set<Identity> fresh = EventLedger.enter(handle, allowed(scoped), events, exporting);
    if (fresh.isEmpty()) {
      return fresh;
    }
    List<TelemetryEvent> rows = firstOfEach(events, fresh);
    EventTable.insert(handle, rows);
    if (exporting) {
      ExportOutbox.add(handle, rows);
    }
    handle
        .createQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
        .bind("lock", ROLLUP_LOCK)
        .mapTo(Integer.class)
        .one();
    Instant now = database.now(handle);
    addToRollups(handle, rows, now);
    LateDays.mark(handle, daysOver(rows, now));
    return fresh;
  }

  /** Whose events the senders may write: those of senders that may write for all, as they are. */
  private static Set<String> allowed(List<ScopedEvent> events) {
    Set<String> orgIds = new HashSet<>();
    for (ScopedEvent event : events) {
      String allowed = event.allowed().orgId();
      orgIds.add(allowed == null ? orNone(event.event().orgId()) : allowed);
    }
    return orgIds;
  }

  private static List<TelemetryEvent> firstOfEach(
      List<TelemetryEvent> events, Set<Identity> fresh) {
    TreeSet<Identity> wanted = new TreeSet<>(fresh);
    return events.stream().filter(event -> wanted.remove(Identity.of(event))).toList();
  }

  private static void addToRollups(Handle handle, List<TelemetryEvent> events, Instant now) {
    TreeMap<RollupKey, UsageTally> tallies = new TreeMap<>();
    TreeMap<LabelRollup.Key, LabelRollup.Count> labels = new TreeMap<>();
    for (TelemetryEvent event : events) {
      LabelRollup.Count one = new LabelRollup.Count(1, event.timestamp());
      List<UsageLabel> ofEvent = UsageLabel.of(event);
      for (RollupKey key : RollupKey.of(event, now)) {
        tallies.computeIfAbsent(key, unused -> new UsageTally()).add(event);
        for (UsageLabel label : ofEvent) {
          labels.merge(new LabelRollup.Key(key, label), one, LabelRollup.Count::plus);
        }
      }
    }
    UsageRollup.add(handle, tallies);
    if (!labels.isEmpty()) {
      LabelRollup.add(handle, labels);
    }
  }

  private static Set<LocalDate> daysOver(List<TelemetryEvent> events, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Set<LocalDate> days = new TreeSet<>();
    for (TelemetryEvent event : events) {
      if (event.day().isBefore(today)) {
        days.add(event.day());
      }
    }
    return days;
  }
}
