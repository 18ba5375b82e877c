package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events that come by another way than a request, by the same rules, as those of a sender who
 * may write for every organisation. Thread-safe.
 */
public final class EventIntake {

  /** How large one event may be. */
  public static final int MAX_EVENT_BYTES = EventDecoder.MAX_EVENT_BYTES;

  private final EventDecoder decoder;

  /**
   * Reads nothing yet.
   *
   * @param guard what every event must pass
   */
  public EventIntake(PhiGuard guard) {
    this.decoder = new EventDecoder(guard);
  }

  /**
   * The event of one JSON document, which is kept as it is if nothing in it was changed.
   *
   * @throws RefusedEventException with all that is wrong with it
   */
  public ScopedEvent event(byte[] json) {
    return decoder.decode(Caller.ANYBODY, json, EventDocuments.trimmed(json, json.length));
  }

  /**
   * The fields of one JSON document; its objects may be changed.
   *
   * @throws RefusedEventException if it is no JSON object
   */
  public Map<String, @Nullable Object> fields(byte[] json) {
    return decoder.object(json, EventDocuments.trimmed(json, json.length));
  }

  /**
   * The event with these fields.
   *
   * @throws RefusedEventException with all that is wrong with it
   */
  public ScopedEvent event(Map<String, @Nullable Object> fields) {
    return decoder.decode(Caller.ANYBODY, fields, () -> null);
  }
}
