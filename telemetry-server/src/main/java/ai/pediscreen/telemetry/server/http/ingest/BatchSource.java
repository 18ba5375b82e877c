package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a request, each of which may be an event, and what becomes of them. Used by one
 * thread at a time.
 */
interface BatchSource {

  /** How many documents there are. */
  int size();

  /**
   * How many bytes of memory a document takes while it is decoded and until it is stored; rather
   * too many. At most {@link DecodedSize#MAX_OF_EVENT}; 0 for one that will be refused before it is
   * decoded.
   *
   * @param index from 0; asked before the document is read
   */
  long cost(int index);

  /** Decodes a document; null if it is refused, or is no event. Called once for each, in order. */
  @Nullable ScopedEvent read(int index);

  /** Receives the store's receipt of the event in a document. */
  void stored(int index, String eventId, Receipt receipt);
}
