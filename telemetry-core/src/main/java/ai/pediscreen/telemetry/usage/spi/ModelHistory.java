package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.UsageFilter;
import java.util.List;

/**
 * The adapters and providers that models were called with over time: most answers to "what
 * changed?".
 *
 * <p>Implementations are safe for use by many threads. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface ModelHistory {

  /**
   * The adapters and providers that a model was ever called with, each with when it was first seen;
   * newest first, then by kind and name.
   *
   * @param org in whose calls
   * @param modelId the model
   * @param limit at most so many; at least 1
   */
  List<FirstSeen> firstSeen(OrgFilter org, String modelId, int limit);

  /**
   * The calls of a window over time by the adapter or provider that they name: the names with the
   * most calls first, then by name. Calls that name none are in no series.
   *
   * @param filter of which calls
   * @param kind {@link UsageLabel.Kind#ADAPTER} or {@link UsageLabel.Kind#PROVIDER}
   * @param limit at most so many names; at least 1
   */
  List<LabelCalls> calls(UsageFilter filter, UsageLabel.Kind kind, int limit);
}
