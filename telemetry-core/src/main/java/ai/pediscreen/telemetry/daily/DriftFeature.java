package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something in an event, beside its latency, whose drift is watched: what the model says, such as
 * {@code /response/confidence} or {@code /response/risk_level}. Immutable.
 *
 * <p>Whether it is a number or a category is not declared: the values themselves tell, see {@link
 * FeatureValues}.
 *
 * @param pointer JSON pointer (RFC 6901) into the event as {@link TelemetryEvent#toMap} writes it,
 *     and the name of the feature in {@link DriftRecord#feature()}; 2 to {@value
 *     #MAX_POINTER_LENGTH} characters
 */
public record DriftFeature(String pointer) {

  /** The longest pointer. */
  public static final int MAX_POINTER_LENGTH = 256;

  private static final Pattern LOOSE_ESCAPE = Pattern.compile("~(?![01])");

  /** What PostgreSQL, following a path, takes for the index of an array: also 01, -1 and +1. */
  private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d+");

  /** What RFC 6901 takes for one. */
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d*");

  /** No array of an event is longer than a number of so many digits. */
  private static final int MAX_INDEX_LENGTH = 9;

  /**
   * @throws IllegalArgumentException if it is no pointer; the message says what it must be, and
   *     does not begin with a name
   */
  public DriftFeature {
    if (!pointer.startsWith("/") || pointer.length() < 2) {
      throw new IllegalArgumentException(
          "must be a JSON pointer to a field of the event, such as /response/confidence");
    }
    if (pointer.length() > MAX_POINTER_LENGTH) {
      throw new IllegalArgumentException(
          "must be at most " + MAX_POINTER_LENGTH + " characters long");
    }
    if (!pointer.codePoints().allMatch(DriftFeature::isText)) {
      throw new IllegalArgumentException("must not contain control characters");
    }
    if (LOOSE_ESCAPE.matcher(pointer).find()) {
      throw new IllegalArgumentException("must write ~ as ~0 and a / within a name as ~1");
    }
    if (path(pointer).stream().anyMatch(DriftFeature::isOtherInteger)) {
      throw new IllegalArgumentException("must write the index of an array as 0, 1, 2 and so on");
    }
  }

  /** The names and indices from the event down to the value, unescaped; at least one. */
  public List<String> path() {
    return path(pointer);
  }

  /** The value in an event as a JSON object; null if there is none or it is JSON's null. */
  @Nullable Object valueIn(Map<String, ? extends @Nullable Object> event) {
    Object value = event;
    for (String step : path()) {
      if (value instanceof Map<?, ?> object) {
        value = object.get(step);
      } else if (value instanceof List<?> array && INDEX.matcher(step).matches()) {
        int index = step.length() > MAX_INDEX_LENGTH ? array.size() : Integer.parseInt(step);
        value = index < array.size() ? array.get(index) : null;
      } else {
        return null;
      }
    }
    return value;
  }

  @Override
  public String toString() {
    return pointer;
  }

  private static List<String> path(String pointer) {
    List<String> path = new ArrayList<>();
    for (String step : pointer.substring(1).split("/", -1)) {
      path.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return List.copyOf(path);
  }

  private static boolean isOtherInteger(String step) {
    return INTEGER.matcher(step).matches() && !INDEX.matcher(step).matches();
  }

  private static boolean isText(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }
}
