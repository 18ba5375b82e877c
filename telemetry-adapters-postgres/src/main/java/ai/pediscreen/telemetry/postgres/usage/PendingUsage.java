package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;

import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code usage_pending}: what the rollups lack yet of events that are stored. */
public final class PendingUsage {

  /** Takes what a transaction added for an organisation (null: for events of none). */
  interface Consumer {
    void accept(@Nullable String orgId, byte[] delta);
  }

  private PendingUsage() {}

  /** What all rows that the transaction sees add, of one organisation or of all. */
  public static UsageDelta sum(Handle handle, @Nullable String orgId) {
    UsageDelta sum = new UsageDelta();
    Query query =
        handle.createQuery(
            "SELECT org_id, delta FROM usage_pending"
                + (orgId == null ? "" : " WHERE org_id = :orgId"));
    if (orgId != null) {
      query.bind("orgId", orgId);
    }
    forEach(query, (unused, delta) -> sum.merge(delta));
    return sum;
  }

  /**
   * Removes some rows and hands them over; returns how many.
   *
   * @param events no further row is taken after those that count so many
   */
  static int take(Handle handle, int limit, int events, Consumer consumer) {
    return forEach(
        handle
            .createQuery(
                """
                DELETE FROM usage_pending
                WHERE ctid = ANY (ARRAY(
                  SELECT place
                  FROM (
                    SELECT place, sum(events) OVER (ORDER BY place) - events AS before
                    FROM (
                      SELECT ctid AS place, events FROM usage_pending LIMIT :limit) AS first
                  ) AS counted
                  WHERE before < :events))
                RETURNING org_id, delta
                """)
            .bind("limit", limit)
            .bind("events", events),
        consumer);
  }

  /** How many events of each day the rollups lack. */
  public static Map<LocalDate, Long> eventsByDay(Handle handle) {
    Map<LocalDate, Long> events = new TreeMap<>();
    sum(handle, null)
        .forEach(
            (key, cell) ->
                events.merge(
                    LocalDate.ofInstant(key.minute(), ZoneOffset.UTC),
                    cell.tally().calls(),
                    Long::sum));
    return events;
  }

  private static int forEach(Query query, Consumer consumer) {
    int[] rows = {0};
    query
        .map(
            (row, context) -> {
              consumer.accept(noneAsNull(row.getString(1)), row.getBytes(2));
              return ++rows[0];
            })
        .forEach(unused -> {});
    return rows[0];
  }
}
