package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.server.logging.LogText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values of a label few, since senders choose them and each costs Prometheus a series:
 * the first so many different ones keep their names, the rest are {@value #OTHER}. Thread-safe.
 */
final class LabelValues {

  /** What stands for the values beyond the limit. */
  static final String OTHER = "other";

  /** What stands for no value, as in the service that this one replaces. */
  static final String UNKNOWN = "unknown";

  private final int limit;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  /**
   * @param limit how many values keep their names; at least 1
   */
  LabelValues(int limit) {
    this.limit = limit;
  }

  /** The label's value for what a sender called it. */
  String of(@Nullable String value) {
    if (value == null) {
      return UNKNOWN;
    }
    String name = names.get(value);
    return name == null ? first(value) : name;
  }

  private synchronized String first(String value) {
    if (names.size() >= limit) {
      return names.getOrDefault(value, OTHER);
    }
    return names.computeIfAbsent(value, LogText::plain);
  }
}
