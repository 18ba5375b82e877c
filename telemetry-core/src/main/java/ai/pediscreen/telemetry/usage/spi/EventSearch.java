package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds single events by their own id, or by that of their trace, case or user: to look into one
 * call, and those beside it.
 *
 * <p>An event is found from the moment it is stored until it is past its retention. Implementations
 * are safe for use by many threads.
 */
public interface EventSearch {

  /**
   * The newest events that match, newest first: by timestamp, then organisation and id, all
   * descending in the order of code points.
   *
   * @param before only what comes after this position in that order; null for the first page
   * @param limit at most so many events; at least 1
   * @return whole events as they were stored; at least one while there are any. There may be more
   *     behind a page that is not full, since one that holds large events ends sooner.
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if the store cannot be reached
   *     in time
   */
  List<TelemetryEvent> newest(EventQuery query, @Nullable EventPosition before, int limit);
}
