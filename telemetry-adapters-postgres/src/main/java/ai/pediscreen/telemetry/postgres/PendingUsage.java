package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventLedger.noneAsNull;

import ai.pediscreen.telemetry.usage.UsageDelta;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code usage_pending}: what the rollups lack yet of events that are stored. */
final class PendingUsage {

  /** What a transaction added for an organisation; null for events of none. */
  record Row(@Nullable String orgId, UsageDelta delta) {}

  private PendingUsage() {}

  /** All rows that the transaction sees, of one organisation or of all. */
  static List<Row> rows(Handle handle, @Nullable String orgId) {
    return handle
        .createQuery(
            "SELECT org_id, delta FROM usage_pending"
                + (orgId == null ? "" : " WHERE org_id = :orgId"))
        .bindMap(orgId == null ? Map.of() : Map.of("orgId", orgId))
        .map((row, context) -> row(row.getString("org_id"), row.getBytes("delta")))
        .list();
  }

  /** Removes some rows and returns them. */
  static List<Row> take(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            DELETE FROM usage_pending
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM usage_pending LIMIT :limit))
            RETURNING org_id, delta
            """)
        .bind("limit", limit)
        .map((row, context) -> row(row.getString("org_id"), row.getBytes("delta")))
        .list();
  }

  /** How many events of each day the rollups lack. */
  static Map<LocalDate, Long> eventsByDay(Handle handle) {
    Map<LocalDate, Long> events = new TreeMap<>();
    for (Row row : rows(handle, null)) {
      row.delta()
          .forEach(
              (key, cell) ->
                  events.merge(
                      LocalDate.ofInstant(key.minute(), ZoneOffset.UTC),
                      cell.tally().calls(),
                      Long::sum));
    }
    return events;
  }

  private static Row row(String orgId, byte[] delta) {
    return new Row(noneAsNull(orgId), UsageDelta.fromBytes(delta));
  }
}
