package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.EventReference;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Table {@code export_outbox}: which events wait to be exported. */
public final class ExportOutbox {

  /** A row: events that one transaction added. */
  record Row(long id, Instant queuedAt, List<EventReference> events) {}

  private ExportOutbox() {}

  /** The rows that have waited longest, until they hold so many events. */
  static List<Row> oldest(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            SELECT id, queued_at, micros, org_ids, event_ids
            FROM (
              SELECT *, sum(events) OVER (ORDER BY id) - events AS events_before
              FROM (SELECT * FROM export_outbox ORDER BY id LIMIT :limit) AS first) AS counted
            WHERE events_before < :limit
            ORDER BY id
            """)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Row(row.getLong("id"), timestamp(row, "queued_at"), references(row)))
        .list();
  }

  /**
   * Takes so many events out of these rows, from the first on.
   *
   * @throws StoreUnavailableException if another has taken them
   */
  static void take(Handle handle, List<Row> rows, int count) {
    List<Long> whole = new ArrayList<>();
    int left = count;
    for (Row row : rows) {
      int size = row.events().size();
      if (left >= size) {
        whole.add(row.id());
      } else if (left > 0) {
        requireUnchanged(shorten(handle, row, left), 1);
      }
      left = Math.max(0, left - size);
    }
    if (!whole.isEmpty()) {
      int deleted =
          handle
              .createUpdate("DELETE FROM export_outbox WHERE id = ANY(:ids)")
              .bindArray("ids", Long.class, whole)
              .execute();
      requireUnchanged(deleted, whole.size());
    }
  }

  private static int shorten(Handle handle, Row row, int taken) {
    return handle
        .createUpdate(
            """
            UPDATE export_outbox SET events = events - :taken,
              micros = micros[:taken + 1:], org_ids = org_ids[:taken + 1:],
              event_ids = event_ids[:taken + 1:]
            WHERE id = :id AND events = :events
            """)
        .bind("id", row.id())
        .bind("events", row.events().size())
        .bind("taken", taken)
        .execute();
  }

  private static void requireUnchanged(int changed, int expected) {
    if (changed != expected) {
      throw new StoreUnavailableException("another exporter has taken the events");
    }
  }

  /** Binds references as three arrays: numbers and texts, which travel in binary form. */
  public static <T extends SqlStatement<T>> T bind(T statement, List<EventReference> events) {
    List<Long> micros = new ArrayList<>(events.size());
    List<String> orgIds = new ArrayList<>(events.size());
    List<String> eventIds = new ArrayList<>(events.size());
    for (EventReference event : events) {
      micros.add(ChronoUnit.MICROS.between(Instant.EPOCH, event.timestamp()));
      orgIds.add(orNone(event.orgId()));
      eventIds.add(event.eventId());
    }
    return statement
        .bindArray("micros", Long.class, micros)
        .bindArray("orgIds", String.class, orgIds)
        .bindArray("eventIds", String.class, eventIds);
  }

  private static List<EventReference> references(ResultSet row) throws SQLException {
    Long[] micros = (Long[]) array(row, "micros");
    String[] orgIds = (String[]) array(row, "org_ids");
    String[] eventIds = (String[]) array(row, "event_ids");
    List<EventReference> events = new ArrayList<>(micros.length);
    for (int i = 0; i < micros.length; i++) {
      Instant timestamp = Instant.EPOCH.plus(micros[i], ChronoUnit.MICROS);
      events.add(new EventReference(noneAsNull(orgIds[i]), eventIds[i], timestamp));
    }
    return events;
  }

  private static Object array(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array.getArray();
  }
}
