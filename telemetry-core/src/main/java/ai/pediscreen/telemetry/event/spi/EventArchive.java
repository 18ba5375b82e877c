package ai.pediscreen.telemetry.event.spi;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads events back as they were stored, page by page: into a file, a notebook, another program.
 *
 * <p>Nothing is held between two pages, so a reader may be as slow as it likes. An event that is
 * stored during a read is included if its place is still ahead of the reader.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface EventArchive {

  /** By timestamp, then by organisation (none first) and id in the order of code points. */
  Comparator<TelemetryEvent> ORDER =
      Comparator.comparing(TelemetryEvent::timestamp)
          .thenComparing(event -> event.orgId() == null ? "" : event.orgId(), byCodePoint())
          .thenComparing(TelemetryEvent::eventId, byCodePoint());

  /**
   * The next events of a selection in the order of {@link #ORDER}.
   *
   * @param after the last event of the page before; null for the first page
   * @param limit at most so many events; at least 1
   * @return at least one event while there are any. There may be more behind a page that is not
   *     full, since one that holds large events ends sooner.
   * @throws StoreUnavailableException if the store cannot be reached in time
   */
  List<TelemetryEvent> page(EventSelection selection, @Nullable TelemetryEvent after, int limit);

  private static Comparator<String> byCodePoint() {
    // UTF-8 sorts as code points do; UTF-16, in which Java compares, does not.
    return (a, b) ->
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
