package ai.pediscreen.telemetry.server.archive;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes events in constant memory: at most one page of them is held at a time. */
public final class EventFiles {

  /** Few, since an event may have 256 KiB. */
  private static final int PAGE = 50;

  private EventFiles() {}

  /** Writes what comes before the events. */
  public static void writeHeader(EventFormat format, OutputStream out) throws IOException {
    out.write(format.header().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes how many events there are. */
  public static void writeEnd(EventFormat format, long events, OutputStream out)
      throws IOException {
    out.write(format.end(events).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the events of a selection, in the archive's order.
   *
   * @return how many there were
   * @throws IOException if they cannot be written
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if the store cannot be reached
   *     or goes away; some events may have been written
   */
  public static long writeEvents(
      EventArchive archive, EventSelection selection, EventFormat format, OutputStream out)
      throws IOException {
    long written = 0;
    TelemetryEvent last = null;
    List<TelemetryEvent> page;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("stopped before all events were written");
      }
      page = archive.page(selection, last, PAGE);
      for (TelemetryEvent event : page) {
        out.write(format.line(event).getBytes(StandardCharsets.UTF_8));
        last = event;
      }
      written += page.size();
    } while (!page.isEmpty());
    return written;
  }
}
