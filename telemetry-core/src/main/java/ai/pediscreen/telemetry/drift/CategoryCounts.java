package ai.pediscreen.telemetry.drift;

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

  static CategoryCounts of(Map<String, Long> reference, Map<String, Long> current) {
    long referenceTotal = total("reference", reference);
    long currentTotal = total("current", current);
    SortedSet<String> occurring = new TreeSet<>();
    addOccurring(occurring, reference);
    addOccurring(occurring, current);
    List<String> names = List.copyOf(occurring);
    return new CategoryCounts(
        names, counts(names, reference), counts(names, current), referenceTotal, currentTotal);
  }

  private static long total(String name, Map<String, Long> sample) {
    long total = 0;
    for (Map.Entry<String, Long> entry : sample.entrySet()) {
      Objects.requireNonNull(entry.getKey(), "category");
      long count = Objects.requireNonNull(entry.getValue(), "count");
      if (count < 0 || count > CountedValues.MAX_TOTAL - total) {
        throw new IllegalArgumentException(
            "%s must have counts of at least 0 that add up to at most 2^53, but %s has %d"
                .formatted(name, entry.getKey(), count));
      }
      total += count;
    }
    if (total == 0) {
      throw new IllegalArgumentException(name + " must have at least one value");
    }
    return total;
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
