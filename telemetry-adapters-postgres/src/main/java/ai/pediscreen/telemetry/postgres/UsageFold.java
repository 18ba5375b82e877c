package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.LabelCount;
import ai.pediscreen.telemetry.usage.UsageDelta;
import ai.pediscreen.telemetry.usage.UsageLabel;
import ai.pediscreen.telemetry.usage.UsageTally;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Adds what is pending to the rollups and removes it, in one transaction: at any moment rollups and
 * pending rows together are the figures. One server at a time does so, so histograms can be merged
 * here instead of in SQL, and nobody else writes a rollup.
 */
final class UsageFold {

  /** Held by whoever writes rollups. "PSTROLL" in ASCII. */
  static final long ROLLUP_LOCK = 0x50_53_54_52_4f_4c_4cL;

  /** What is held in memory, and how long a transaction runs, is bounded by this. */
  private static final int MAX_ROWS = 5_000;

  /** A server that is stopped while it folds loses the lock to the others after this. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Database database;

  UsageFold(Database database) {
    this.database = database;
  }

  /**
   * Folds until nothing is pending, or another server is at it.
   *
   * @return how many pending rows it has folded
   */
  int run() {
    int folded = 0;
    int rows;
    do {
      rows = database.maintain(this::foldSome);
      folded += rows;
    } while (rows == MAX_ROWS);
    return folded;
  }

  private int foldSome(Handle handle) {
    if (!isAlone(handle)) {
      return 0;
    }
    Map<@Nullable String, UsageDelta> byOrg = new HashMap<>();
    int rows =
        PendingUsage.take(
            handle,
            MAX_ROWS,
            (orgId, delta) ->
                byOrg.computeIfAbsent(orgId, unused -> new UsageDelta()).merge(delta));
    if (rows > 0) {
      add(handle, byOrg, database.now(handle));
    }
    return rows;
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

  private static void add(Handle handle, Map<@Nullable String, UsageDelta> byOrg, Instant now) {
    SortedMap<RollupKey, UsageTally> tallies = new TreeMap<>();
    SortedMap<LabelRollup.Key, LabelCount> labels = new TreeMap<>();
    byOrg.forEach(
        (orgId, delta) ->
            delta.forEach(
                (key, cell) -> {
                  for (RollupKey rollup : RollupKey.of(key, orgId, now)) {
                    tallies.computeIfAbsent(rollup, unused -> new UsageTally()).merge(cell.tally());
                    for (Map.Entry<UsageLabel, LabelCount> label : cell.labels().entrySet()) {
                      labels.merge(
                          new LabelRollup.Key(rollup, label.getKey()),
                          label.getValue(),
                          LabelCount::plus);
                    }
                  }
                }));
    UsageRollup.add(handle, tallies);
    if (!labels.isEmpty()) {
      LabelRollup.add(handle, labels);
    }
    UsageScopes.add(handle, eventsByScope(byOrg));
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
}
