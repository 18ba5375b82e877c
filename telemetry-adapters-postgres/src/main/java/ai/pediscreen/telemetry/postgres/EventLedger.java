package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code event_ledger}: which events were ever counted. */
final class EventLedger {

  /** What an event is known by. The order is the one in which rows are locked, everywhere. */
  record Identity(String orgId, String eventId) implements Comparable<Identity> {

    static Identity of(TelemetryEvent event) {
      return new Identity(orNone(event.orgId()), event.eventId());
    }

    @Override
    public int compareTo(Identity other) {
      int order = orgId.compareTo(other.orgId);
      return order != 0 ? order : eventId.compareTo(other.eventId);
    }
  }

  private EventLedger() {}

  /**
   * Enters those that are not there yet and returns them: they are this transaction's to count.
   *
   * @param allowed whose events may be entered; the database itself refuses any other
   * @param queued whether this transaction also puts them in line for export
   */
  static Set<Identity> enter(
      Handle handle, Set<String> allowed, Collection<TelemetryEvent> events, boolean queued) {
    List<String> orgIds = new ArrayList<>(events.size());
    List<String> eventIds = new ArrayList<>(events.size());
    TreeSet<Identity> sorted = new TreeSet<>();
    events.forEach(event -> sorted.add(Identity.of(event)));
    for (Identity identity : sorted) {
      orgIds.add(identity.orgId());
      eventIds.add(identity.eventId());
    }
    TenantRole.assumeToWrite(handle, allowed);
    Set<Identity> fresh = enter(handle, orgIds, eventIds, queued);
    TenantRole.leave(handle);
    return fresh;
  }

  private static Set<Identity> enter(
      Handle handle, List<String> orgIds, List<String> eventIds, boolean queued) {
    return handle
        .createQuery(
            """
            INSERT INTO event_ledger (org_id, event_id, queued)
            SELECT org_id, event_id, :queued FROM unnest(:orgIds, :eventIds) AS sent (org_id, event_id)
            ON CONFLICT DO NOTHING
            RETURNING org_id, event_id
            """)
        .bindArray("orgIds", String.class, orgIds)
        .bindArray("eventIds", String.class, eventIds)
        .bind("queued", queued)
        .map((row, context) -> new Identity(row.getString(1), row.getString(2)))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Forgets what was received earlier: sent once more, it would count again. */
  static int deleteReceivedBefore(Handle handle, Instant edge) {
    return handle
        .createUpdate("DELETE FROM event_ledger WHERE received_at < :edge")
        .bind("edge", utc(edge))
        .execute();
  }

  /** What a column holds that may not be null: no text that an event can bear is empty. */
  static String orNone(@Nullable String text) {
    return text == null ? "" : text;
  }

  static @Nullable String noneAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
