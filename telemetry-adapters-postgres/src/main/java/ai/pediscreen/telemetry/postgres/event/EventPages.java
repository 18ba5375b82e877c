package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code event}, read back page by page. */
final class EventPages {

  private EventPages() {}

  /** As {@link EventArchive#page}. A page ends when a megabyte of events is read. */
  static List<TelemetryEvent> page(
      Handle handle, EventSelection selection, @Nullable TelemetryEvent after, int limit) {
    Query query =
        handle.createQuery(
            FirstBytes.QUERY
                .formatted(
                    """
                    SELECT payload, row_number() OVER (ORDER BY ts, org_id, event_id) AS position
                    FROM (
                      SELECT ts, org_id, event_id, payload FROM event
                      WHERE ts >= :from AND ts < :until %s %s %s
                      ORDER BY ts, org_id, event_id
                      LIMIT :limit) AS page
                    """)
                .formatted(
                    after == null
                        ? ""
                        : " AND (ts, org_id, event_id) > (:from, :afterOrg, :afterId)",
                    selection.org().orgId() == null ? "" : " AND org_id = :orgId",
                    selection.modelId() == null ? "" : " AND model_id = :modelId"));
    query.bind("from", utc(after == null ? selection.from() : after.timestamp()));
    query
        .bind("until", utc(selection.until()))
        .bind("limit", limit)
        .bind("bytes", FirstBytes.LIMIT);
    if (after != null) {
      query.bind("afterOrg", orNone(after.orgId())).bind("afterId", after.eventId());
    }
    if (selection.org().orgId() != null) {
      query.bind("orgId", selection.org().orgId());
    }
    if (selection.modelId() != null) {
      query.bind("modelId", selection.modelId());
    }
    return query.map((row, context) -> EventJson.event(row.getString("payload"))).list();
  }
}
