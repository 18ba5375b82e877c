package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of single values, each in one place: the records use them to refuse, {@link
 * EventReader} to report. A rule answers null, or what the value must be.
 */
final class Rules {

  /** Combining grapheme joiner, Hangul fillers, blank Braille pattern: no blanks by their type. */
  private static final String BLANK_LETTERS = "\u034f\u115f\u1160\u2800\u3164\uffa0";

  private static final int LAST_ASCII = 0x7f;

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

  /** The rule of {@code event_id}, trimmed. */
  static @Nullable String identifier(String text, int maxLength) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) > maxLength) {
      return "must be 1 to " + maxLength + " characters long";
    }
    if (hasControl(text)) {
      return "must not contain control characters";
    }
    return Json.textFault(text);
  }

  /** Whether a text holds a control character. A loop: every id of every event comes here. */
  static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * A text without invisible characters at its ends: blanks, among them no-break spaces, and
   * invisible characters, such as a byte order mark or a zero-width space. Empty if there is
   * nothing else.
   */
  static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isUnseen(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (from < to && isUnseen(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /**
   * The id of an organisation, trimmed as that of an event; null passes.
   *
   * @throws IllegalArgumentException if it is blank
   */
  static @Nullable String orgId(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String orgId = trimmed(text);
    if (orgId.isEmpty()) {
      throw new IllegalArgumentException("orgId must not be blank; use all()");
    }
    return orgId;
  }

  /** The additional rule of ids. */
  static @Nullable String visible(String text) {
    int character;
    for (int i = 0; i < text.length(); i += Character.charCount(character)) {
      character = text.codePointAt(i);
      if (isInvisible(character)) {
        return "must not contain invisible characters";
      }
    }
    return null;
  }

  private static boolean isUnseen(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || isInvisible(character);
  }

  /** Zero-width characters, byte order marks, marks of direction, soft hyphens, blank letters. */
  private static boolean isInvisible(int character) {
    return character > LAST_ASCII
        && (Character.getType(character) == Character.FORMAT
            || BLANK_LETTERS.indexOf(character) >= 0);
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
      throw new InvalidEventException(List.of(new FieldFault(field, fault)));
    }
  }
}
