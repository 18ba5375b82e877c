package ai.pediscreen.telemetry.usage;

import ai.pediscreen.telemetry.event.OrgFilter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries of a dashboard about events. Every figure is exact for the window it names, except
 * for latency percentiles, which are within 1 % of the exact rank value.
 *
 * <p>An event counts from the moment its {@link ai.pediscreen.telemetry.event.spi.EventStore#append
 * append} returned or, if another store is queried than it was appended to, from when it has
 * arrived there. One answer shows one snapshot of the store; two answers may show two.
 *
 * <p>Implementations are safe for use by many threads. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface UsageQueries {

  /** The order of texts that needs no locale, and that a database with the C collation has too. */
  Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  /** All models together. */
  Overview overview(UsageFilter filter);

  /**
   * Each model, and as one entry the events without a model: calls descending, then by id with null
   * first, as the service that this one replaces had it.
   *
   * @param limit at most so many entries; at least 1
   */
  List<ModelUsage> models(UsageFilter filter, int limit);

  /**
   * Errors: the newest of them, and all counted by {@link
   * ai.pediscreen.telemetry.event.TelemetryEvent#errorReason reason}.
   *
   * @param limit at most so many calls; at least 1
   */
  CallReport errors(UsageFilter filter, int limit);

  /**
   * Fallbacks: the newest of them, and all counted by what answered in the model's place.
   *
   * @param limit at most so many calls; at least 1
   */
  CallReport fallbacks(UsageFilter filter, int limit);

  /**
   * The window over time, in the steps of {@link UsageStep#of}: one point for each step that the
   * window touches, oldest first, those without events included. Calls, errors and fallbacks of all
   * points add up to those of the {@link #overview}.
   */
  List<UsagePoint> series(UsageFilter filter);

  /**
   * The organisations that there are figures of, in the order of code points.
   *
   * @param org of all, or of one: that one, if there are any of it
   * @param after only those after this one; null for all
   * @param limit at most so many; at least 1
   */
  List<String> organisations(OrgFilter org, @Nullable String after, int limit);

  /**
   * Whether a window may have had too many models, reasons, adapters or providers, so that some are
   * counted under {@code other}. Totals are exact all the same. A store that has no such limit says
   * no.
   */
  default boolean bounded(UsageFilter filter) {
    return false;
  }
}
