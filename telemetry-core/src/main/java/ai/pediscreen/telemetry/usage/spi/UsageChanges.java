package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.OrgFilter;

/**
 * Says whether figures have changed, at the cost of a lookup. Queried about once a second to show
 * figures live.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface UsageChanges {

  /**
   * How many events of a scope were ever counted, whatever became of them since: if the number is
   * another, so are the figures.
   *
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if the store cannot be reached
   *     in time
   */
  long events(OrgFilter org);
}
