package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.util.Optional;

/**
 * Where a {@link Telemetry} keeps its events. It calls {@link #events} from its own threads, {@link
 * #maintain} soon after the start and then once an hour, and {@link #close} once, at its end.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface TelemetryStore extends AutoCloseable {

  /** Where events are appended. */
  EventStore events();

  /** Where queries are answered; empty, as by default, for a store that only accepts events. */
  default Optional<UsageQueries> usage() {
    return Optional.empty();
  }

  /**
   * Where days are computed; empty, as by default, for a store whose days are computed elsewhere,
   * or nowhere.
   */
  default Optional<DailyAggregateStore> days() {
    return Optional.empty();
  }

  /** What waits to be exported; empty, as by default, for a store without an export queue. */
  default Optional<ExportQueue> exports() {
    return Optional.empty();
  }

  /**
   * Does maintenance, such as removing what has expired. May take minutes; does nothing if not
   * overridden.
   */
  default void maintain() {}

  /** Releases its resources; none by default. Work in progress may fail. */
  @Override
  default void close() {}
}
