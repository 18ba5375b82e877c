package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
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
