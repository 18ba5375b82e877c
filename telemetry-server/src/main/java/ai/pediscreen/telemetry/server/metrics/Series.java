package ai.pediscreen.telemetry.server.metrics;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The meters of one name, by the values of their labels. Labels that are bounded one by one still
 * multiply, so the combinations are bounded too: one too many is counted under {@link
 * LabelValues#OTHER} for every label. Thread-safe; finding a meter is one look into a hash table.
 *
 * @param <M> kind of meter
 */
final class Series<M> {

  private final int limit;
  private final Function<List<String>, M> create;
  private final Map<List<String>, M> meters = new ConcurrentHashMap<>();

  /**
   * @param limit how many combinations are told apart; at least 1
   * @param create makes the meter of one combination
   */
  Series(int limit, Function<List<String>, M> create) {
    this.limit = limit;
    this.create = create;
  }

  /** The meter of these values, always the same number of them in the same order. */
  M of(String... values) {
    List<String> key = List.of(values);
    M meter = meters.get(key);
    return meter == null ? first(key) : meter;
  }

  private synchronized M first(List<String> key) {
    boolean full = meters.size() >= limit && !meters.containsKey(key);
    return meters.computeIfAbsent(
        full ? Collections.nCopies(key.size(), LabelValues.OTHER) : key, create);
  }
}
