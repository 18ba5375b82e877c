package ai.pediscreen.telemetry.event.spi;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.List;

/**
 * Stores events. Called by a {@link GroupCommitter}, or by an embedding program directly.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface EventStore {

  /**
   * Makes events durable and counts each once, however often it is sent: an event is known by
   * {@code (orgId, eventId)}. When this returns, every event with {@link Receipt.Status#ACCEPTED}
   * survives a crash and is part of every figure. Of equal identities within one call the first is
   * accepted.
   *
   * <p>Idempotent: after an exception the same call may be made again.
   *
   * @param events any number of events, each with the organisation that its sender may write for;
   *     an empty list does nothing
   * @return one receipt for each event, in the order given
   * @throws StoreUnavailableException if the store cannot be reached in time; the outcome is
   *     unknown
   */
  List<Receipt> append(List<ScopedEvent> events);

  /**
   * Appends the events of one sender.
   *
   * @param allowed whose events the sender may write
   * @throws IllegalArgumentException if an event is not allowed; nothing was appended
   */
  default List<Receipt> append(OrgPermission allowed, List<TelemetryEvent> events) {
    return append(ScopedEvent.all(allowed, events));
  }
}
