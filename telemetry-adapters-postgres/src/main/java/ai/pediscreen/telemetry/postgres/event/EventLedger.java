package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import org.jspecify.annotations.Nullable;

/** Table {@code event_ledger}: which events were ever counted. */
public final class EventLedger {

  /** What an event is known by. The order is the one in which rows are locked, everywhere. */
  public record Identity(String orgId, String eventId) implements Comparable<Identity> {

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

  /** What a column holds that may not be null: no text that an event can bear is empty. */
  public static String orNone(@Nullable String text) {
    return text == null ? "" : text;
  }

  public static @Nullable String noneAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
