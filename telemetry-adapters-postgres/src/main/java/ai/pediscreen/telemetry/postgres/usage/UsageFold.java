package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.spi.LabelCount;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Adds what is pending to the rollups and removes it, in one transaction: at any moment rollups and
 * pending rows together are the figures. One server at a time does so, so histograms can be merged
 * here instead of in SQL, and no other program writes a rollup.
 */
public final class UsageFold {

  /** Held by the program that writes rollups. "PSTROLL" in ASCII. */
  static final long ROLLUP_LOCK = 0x50_53_54_52_4f_4c_4cL;

  /** What is held in memory, and how long a transaction runs, is bounded by this. */
  private static final int MAX_ROWS = 5_000;

  /** And by this, where events are of many minutes, as those of an import are. */
  private static final int MAX_EVENTS = 20_000;

  /** A server that is stopped while it folds loses the lock to the others after this. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Database database;

  // Of the thread that folds.
  private final NameLimit names;

  private final FoldBacklog backlog = new FoldBacklog();

  private final AtomicLong boundedEvents = new AtomicLong();

  public UsageFold(Database database, int namesPerDay) {
    this.database = database;
    this.names = new NameLimit(namesPerDay);
  }

  /** How much is pending, which writers wait for. */
  public FoldBacklog backlog() {
    return backlog;
  }

  /** How many events were counted under another name than their own, in each scope they are of. */
  public long boundedEvents() {
    return boundedEvents.get();
  }

  /**
   * Folds until nothing is pending, or another server folds.
   *
   * @return how many pending rows it has folded
   */
  public synchronized int run() {
    int rows = 0;
    Folded some;
    do {
      some = foldSome();
      rows += some.rows;
    } while (some.rows == MAX_ROWS || some.events >= MAX_EVENTS);
    if (rows > 0) {
      backlog.measured(0);
    }
    return rows;
  }

  private record Folded(int rows, long events) {}

  private Folded foldSome() {
    try {
      return database.maintain(this::foldSome);
    } catch (RuntimeException e) {
      names.forget();
      throw e;
    }
  }

  private Folded foldSome(Handle handle) {
    if (backlog.isOld()) {
      backlog.measured(PendingUsage.bytes(handle));
    }
    if (!isAlone(handle)) {
      return new Folded(0, 0);
    }
    names.begin();
    Map<@Nullable String, UsageDelta> byOrg = new HashMap<>();
    int rows =
        PendingUsage.take(
            handle,
            MAX_ROWS,
            MAX_EVENTS,
            (orgId, delta) ->
                byOrg.computeIfAbsent(orgId, unused -> new UsageDelta()).merge(delta));
    if (rows > 0) {
      add(handle, byOrg, database.now(handle));
    }
    return new Folded(rows, byOrg.values().stream().mapToLong(UsageDelta::events).sum());
  }

  private static boolean isAlone(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT pg_try_advisory_xact_lock(:lock)
            FROM (SELECT set_config('idle_in_transaction_session_timeout', :silence, true)) AS set
            """)
        .bind("lock", ROLLUP_LOCK)
        .bind("silence", SILENCE.toMillis() + "ms")
        .mapTo(Boolean.class)
        .one();
  }

  private void add(Handle handle, Map<@Nullable String, UsageDelta> byOrg, Instant now) {
    Sums sums = new Sums(handle, now);
    byOrg.forEach(
        (orgId, delta) ->
            delta.forEach(
                (key, cell) ->
                    RollupKey.scopes(orgId).forEach(scope -> sums.add(scope, key, cell))));
    UsageRollup.add(handle, sums.tallies);
    if (!sums.labels.isEmpty()) {
      LabelRollup.add(handle, sums.labels);
    }
    UsageScopes.add(handle, eventsByScope(byOrg));
    if (!sums.bounded.isEmpty()) {
      UsageScopes.bounded(handle, sums.bounded);
    }
    boundedEvents.addAndGet(sums.boundedEvents);
  }

  private static SortedMap<String, Long> eventsByScope(Map<@Nullable String, UsageDelta> byOrg) {
    SortedMap<String, Long> events = new TreeMap<>();
    byOrg.forEach(
        (orgId, delta) -> {
          events.merge(RollupKey.scope(OrgScope.all()), delta.events(), Long::sum);
          if (orgId != null) {
            events.put(RollupKey.scope(OrgScope.of(orgId)), delta.events());
          }
        });
    return events;
  }

  /** What a fold adds to each row. */
  private final class Sums {
    private final Handle handle;
    private final Instant now;
    private final SortedMap<RollupKey, UsageTally> tallies = new TreeMap<>();
    private final SortedMap<LabelRollup.Key, LabelCount> labels = new TreeMap<>();

    /** By scope, the newest day that had names beyond the limit. */
    private final SortedMap<String, Instant> bounded = new TreeMap<>();

    private long boundedEvents;

    Sums(Handle handle, Instant now) {
      this.handle = handle;
      this.now = now;
    }

    void add(String scope, UsageDelta.Key key, UsageDelta.Cell cell) {
      String model = names.model(handle, scope, key.minute(), key.modelId());
      boolean isBounded = !model.equals(orNone(key.modelId()));
      Map<UsageLabel, LabelCount> counted = new HashMap<>();
      for (Map.Entry<UsageLabel, LabelCount> entry : cell.labels().entrySet()) {
        UsageLabel label = names.label(handle, scope, key.minute(), model, entry.getKey());
        isBounded |= !label.equals(entry.getKey());
        counted.merge(label, entry.getValue(), LabelCount::plus);
      }
      for (RollupKey rollup : RollupKey.of(scope, key.minute(), model, now)) {
        tallies.computeIfAbsent(rollup, unused -> new UsageTally()).merge(cell.tally());
        counted.forEach(
            (label, count) ->
                labels.merge(new LabelRollup.Key(rollup, label), count, LabelCount::plus));
      }
      if (isBounded) {
        bounded.merge(scope, key.minute(), (a, b) -> a.isAfter(b) ? a : b);
        boundedEvents += cell.tally().calls();
      }
    }
  }
}
