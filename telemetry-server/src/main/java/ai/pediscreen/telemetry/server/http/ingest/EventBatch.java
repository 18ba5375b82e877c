package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one body of {@code POST /events}. Used by one thread at a time. */
final class EventBatch implements BatchSource {

  private final EventDecoder decoder;
  private final Caller caller;
  private final byte[] body;
  private final List<EventDocuments.Span> documents;
  private final Consumer<String> refused;
  private final BatchOutcome outcome = new BatchOutcome();

  /**
   * @param caller whose events they must be
   * @param documents where in the body the events are, in order
   * @param refused receives the error code of each refused event
   */
  EventBatch(
      EventDecoder decoder,
      Caller caller,
      byte[] body,
      List<EventDocuments.Span> documents,
      Consumer<String> refused) {
    this.decoder = decoder;
    this.caller = caller;
    this.body = body;
    this.documents = documents;
    this.refused = refused;
  }

  @Override
  public int size() {
    return documents.size();
  }

  @Override
  public long cost(int index) {
    EventDocuments.Span document = documents.get(index);
    // A larger one is refused before it is decoded.
    return document.length() > EventDecoder.MAX_EVENT_BYTES ? 0 : DecodedSize.of(body, document);
  }

  @Override
  public @Nullable ScopedEvent read(int index) {
    try {
      return decoder.decode(caller, body, documents.get(index));
    } catch (RefusedEventException e) {
      refused.accept(e.errorCode());
      outcome.refused(index, e);
      return null;
    }
  }

  @Override
  public void stored(int index, String eventId, Receipt receipt) {
    outcome.stored(index, eventId, receipt);
  }

  /** What became of all of them, once all are stored. */
  BatchOutcome outcome() {
    return outcome;
  }
}
