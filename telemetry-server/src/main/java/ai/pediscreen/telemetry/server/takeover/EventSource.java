package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where events come from, one after the other. Used by one thread. */
public interface EventSource extends AutoCloseable {

  /** An event that was found, and is not read yet. */
  interface Found {

    /** Where it is in the source, such as {@code events.ndjson line 7}. */
    String place();

    /** Its id, if it can be told without reading it. */
    @Nullable String eventId();

    /**
     * Reads it.
     *
     * @throws RefusedEventException with all that is wrong with it
     */
    ScopedEvent read(EventIntake intake);
  }

  /**
   * The next event; null after the last one.
   *
   * @throws IOException if the source cannot be read on
   */
  @Nullable Found next() throws IOException;

  /** How much there is in all, in a unit of the source's own; -1 if that is not known. */
  long total();

  /** How much of it was read. */
  long done();

  @Override
  void close() throws IOException;
}
