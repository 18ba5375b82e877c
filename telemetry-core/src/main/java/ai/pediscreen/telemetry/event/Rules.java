package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The rules of single values, each in one place: the records use them to refuse, {@link
 * EventReader} to report. A rule answers null, or what the value must be.
 */
final class Rules {

  private Rules() {}

  /** The rule of an optional text; null passes. A blank one was made absent before it came here. */
  static @Nullable String text(@Nullable String text, int maxLength) {
    if (text == null) {
      return null;
    }
    if (text.isBlank()) {
      return "must not be blank";
    }
    if (text.length() > maxLength && text.codePointCount(0, text.length()) > maxLength) {
      return "must be at most " + maxLength + " characters long";
    }
    return Json.textFault(text);
  }

  /** The rule of {@code event_id}. */
  static @Nullable String identifier(String text, int maxLength) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) > maxLength) {
      return "must be 1 to " + maxLength + " characters long";
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      return "must not contain control characters";
    }
    return Json.textFault(text);
  }

  static @Nullable String between(long value, long min, long max, String kind) {
    return value >= min && value <= max ? null : mustBeBetween(min, max, kind);
  }

  static @Nullable String between(BigDecimal value, long min, long max, String kind) {
    boolean inside =
        value.compareTo(BigDecimal.valueOf(min)) >= 0
            && value.compareTo(BigDecimal.valueOf(max)) <= 0;
    return inside ? null : mustBeBetween(min, max, kind);
  }

  static String mustBeBetween(long min, long max, String kind) {
    return "must be " + kind + " between " + min + " and " + max;
  }

  static void require(String field, @Nullable String fault) {
    if (fault != null) {
      throw new IllegalArgumentException(field + " " + fault);
    }
  }
}
