package ai.pediscreen.telemetry.drift;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Counts of the categories that occur in either of two samples, by name.
 *
 * @param names ascending, at least one
 * @param reference the reference's count of each
 * @param current the current sample's count of each
 * @param referenceTotal at least 1
 * @param currentTotal at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one computation and never leaves the package.
record CategoryCounts(
    List<String> names, long[] reference, long[] current, long referenceTotal, long currentTotal) {

  static CategoryCounts of(
      Map<String, ? extends Number> reference, Map<String, ? extends Number> current) {
    return ofWhole(whole("reference", reference), whole("current", current));
  }

  private static CategoryCounts ofWhole(Map<String, Long> reference, Map<String, Long> current) {
    SortedSet<String> occurring = new TreeSet<>();
    addOccurring(occurring, reference);
    addOccurring(occurring, current);
    List<String> names = List.copyOf(occurring);
    return new CategoryCounts(
        names, counts(names, reference), counts(names, current), total(reference), total(current));
  }

  /** How often each text occurs. */
  static Map<String, Long> count(String name, Collection<String> sample) {
    Map<String, Long> counts = new HashMap<>();
    for (String category : sample) {
      if (category == null) {
        throw new NullPointerException(name + " has a null");
      }
      counts.merge(category, 1L, Long::sum);
    }
    return counts;
  }

  /** The counts of a sample as checked whole numbers. */
  private static Map<String, Long> whole(String name, Map<String, ? extends Number> sample) {
    Map<String, Long> counts = new HashMap<>();
    long total = 0;
    for (Map.Entry<String, ? extends Number> entry : sample.entrySet()) {
      Objects.requireNonNull(entry.getKey(), "category");
      Number given = Objects.requireNonNull(entry.getValue(), "count");
      long count = given.longValue();
      if (count < 0
          || count > CountedValues.MAX_TOTAL - total
          || given.doubleValue() != (double) count) {
        throw new IllegalArgumentException(
            "%s must have whole counts of at least 0 that add up to at most 2^53, but %s has %s"
                .formatted(name, entry.getKey(), given));
      }
      total += count;
      counts.put(entry.getKey(), count);
    }
    if (total == 0) {
      throw new IllegalArgumentException(name + " must have at least one value");
    }
    return counts;
  }

  private static long total(Map<String, Long> sample) {
    return sample.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void addOccurring(SortedSet<String> names, Map<String, Long> sample) {
    for (Map.Entry<String, Long> entry : sample.entrySet()) {
      if (entry.getValue() > 0) {
        names.add(entry.getKey());
      }
    }
  }

  private static long[] counts(List<String> names, Map<String, Long> sample) {
    return names.stream().mapToLong(name -> sample.getOrDefault(name, 0L)).toArray();
  }
}
