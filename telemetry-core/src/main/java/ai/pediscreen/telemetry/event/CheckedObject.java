package ai.pediscreen.telemetry.event;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was found to obey the rules of events, so that it need not be walked through
 * again by whatever it becomes a part of. Unmodifiable; keeps nulls and order.
 */
final class CheckedObject extends AbstractMap<String, @Nullable Object> {

  private static final CheckedObject EMPTY = new CheckedObject(Map.of(), 0);

  private final Map<String, @Nullable Object> entries;

  /** How many objects may enclose this one for it to be nested no deeper than is allowed. */
  private final int nesting;

  /** About how many bytes it takes; 0 if it is empty. */
  final long size;

  private CheckedObject(Map<String, @Nullable Object> entries, int nesting) {
    this.entries = entries;
    this.nesting = nesting;
    this.size = entries.isEmpty() ? 0 : EventSize.ofObject(entries);
  }

  /**
   * An object that was checked already, and that will not be changed any more.
   *
   * @param nesting how many objects enclosed it when it was checked
   */
  static CheckedObject ofChecked(Map<String, @Nullable Object> object, int nesting) {
    return object.isEmpty()
        ? EMPTY
        : new CheckedObject(Collections.unmodifiableMap(object), nesting);
  }

  /**
   * Checks an object and copies it with all that is in it.
   *
   * @param field what a fault names
   * @param nesting how many objects will enclose it
   * @param own names that the object may not have, since they are fields of their own
   * @throws InvalidEventException if it breaks a rule
   */
  static CheckedObject of(
      String field, Map<String, @Nullable Object> object, int nesting, Set<String> own) {
    if (object.isEmpty()) {
      return EMPTY;
    }
    for (String name : own) {
      Rules.require(
          field,
          object.containsKey(name) ? "must not hold " + name + " as an additional field" : null);
    }
    if (object instanceof CheckedObject checked && checked.nesting >= nesting) {
      return checked;
    }
    Rules.require(field, Json.fault(object, nesting));
    return new CheckedObject(copy(object), nesting);
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> object) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((name, value) -> copy.put((String) name, copy(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copy(@Nullable Object value) {
    if (value instanceof Map<?, ?> object) {
      return copy(object);
    }
    if (value instanceof List<?> array) {
      List<@Nullable Object> copy = new ArrayList<>(array.size());
      array.forEach(element -> copy.add(copy(element)));
      return Collections.unmodifiableList(copy);
    }
    return value;
  }

  @Override
  public Set<Entry<String, @Nullable Object>> entrySet() {
    return entries.entrySet();
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return entries.containsKey(key);
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return entries.get(key);
  }
}
