package ai.pediscreen.telemetry.privacy;

import static ai.pediscreen.telemetry.privacy.PhiText.MIN_DIGITS;
import static ai.pediscreen.telemetry.privacy.PhiText.MIN_NUMBER_DIGITS;
import static ai.pediscreen.telemetry.privacy.PhiText.isDigit;
import static ai.pediscreen.telemetry.privacy.PhiText.nextDigit;

/**
 * A fast scan of a text for what it may hold. Most texts can hold nothing that is looked for, so
 * this scan is what the guard costs.
 */
final class QuickScan {

  static final int EMAIL = 1;
  static final int NUMBER = 2;
  static final int LABELLED_NUMBER = 4;
  static final int LABELLED_TEXT = 8;

  /** Characters beyond ASCII, which may only look like the usual ones. */
  static final int WIDE = 16;

  /** A percent sign. */
  static final int ENCODED = 32;

  // What a character is; all but the first are numbers of bits, above those of the 26 letters.
  private static final int LETTER = 0;
  private static final int AT = 26;
  private static final int SIGN = 27;
  private static final int PLUS = 28;
  private static final int PERCENT = 29;
  private static final int BEYOND = 30;
  private static final int OTHER = 31;
  private static final int HYPHEN = 32;
  private static final int DOT = 33;
  private static final int UNDERSCORE = 34;

  /** The highest bit, so that a shift makes a count of it. */
  private static final int DIGIT = 63;

  private static final long TELLING =
      1L << AT | 1L << SIGN | 1L << PLUS | 1L << PERCENT | 1L << BEYOND;
  private static final long HEX_LETTERS = (1L << ('g' - 'a')) - 1;
  private static final long HEX_ID = HEX_LETTERS | 1L << HYPHEN | 1L << DIGIT;

  /** The first character beyond ASCII, and the place in the tables where all those stand. */
  private static final int FIRST_BEYOND = 128;

  private static final byte[] KINDS = new byte[FIRST_BEYOND + 1];
  private static final long[] BITS = new long[FIRST_BEYOND + 1];

  static {
    for (char c = 0; c <= FIRST_BEYOND; c++) {
      int kind = kind(c);
      KINDS[c] = (byte) kind;
      BITS[c] = 1L << (kind == LETTER ? (c | 0x20) - 'a' : kind);
    }
  }

  private QuickScan() {}

  /** The letters of a word as bits: its small ones, from the lowest bit up. */
  static int letters(String word) {
    return (int) word.chars().mapToLong(c -> BITS[c]).reduce(0, (a, b) -> a | b);
  }

  /** What a text may hold, as a sum of the above; 0 for nothing. */
  static int of(String text) {
    long seen = 0;
    int digits = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      long bit = BITS[Math.min(text.charAt(i), FIRST_BEYOND)];
      seen |= bit;
      digits += (int) (bit >>> DIGIT);
    }
    if (digits < MIN_DIGITS && (seen & TELLING) == 0) {
      return 0;
    }
    // Hexadecimal ids and UUIDs: their digits touch letters, and their letters spell no label.
    if ((seen & HEX_LETTERS) != 0 && (seen & ~HEX_ID) == 0) {
      return 0;
    }
    return closer(text, seen, digits);
  }

  private static int closer(String text, long seen, int digits) {
    int enough = (seen & 1L << PLUS) == 0 ? MIN_NUMBER_DIGITS + 1 : MIN_NUMBER_DIGITS;
    boolean number = digits >= enough && hasFreeDigits(text, enough);
    boolean sign = (seen & 1L << SIGN) != 0;
    boolean label = (sign || digits >= MIN_DIGITS) && PhiKeys.maySpellLabel((int) seen);
    return (number ? NUMBER : 0)
        | (label && digits >= MIN_DIGITS ? LABELLED_NUMBER : 0)
        | (label && sign ? LABELLED_TEXT : 0)
        | ((seen & 1L << AT) == 0 ? 0 : EMAIL)
        | ((seen & 1L << BEYOND) == 0 ? 0 : WIDE)
        | ((seen & 1L << PERCENT) == 0 ? 0 : ENCODED);
  }

  /** Whether so many digits are touched by no letter, be it over single hyphens and dots. */
  private static boolean hasFreeDigits(String text, int enough) {
    int freeDigits = 0;
    int i = nextDigit(text, 0);
    while (i < text.length()) {
      int before = kindAt(text, isJoint(kindAt(text, i - 1)) ? i - 2 : i - 1);
      boolean free = before != LETTER && before != UNDERSCORE;
      int digits = 0;
      int last = OTHER;
      int kind = DIGIT;
      while (kind == DIGIT || (isJoint(kind) && last == DIGIT)) {
        digits += kind == DIGIT ? 1 : 0;
        last = kind;
        i++;
        kind = kindAt(text, i);
      }
      if (free && kind != UNDERSCORE && (kind != LETTER || last == DOT || isExtension(text, i))) {
        freeDigits += digits;
        if (freeDigits >= enough) {
          return true;
        }
      }
      i = nextDigit(text, i);
    }
    return false;
  }

  private static boolean isJoint(int kind) {
    return kind == HYPHEN || kind == DOT;
  }

  /** {@code 415-555-2671x12}, {@code 415-555-2671ext.12}. */
  private static boolean isExtension(String text, int i) {
    int letter = text.charAt(i) | 0x20;
    return letter == 'x' || letter == 'e';
  }

  /** What stands at a place; before the text and after it, nothing that matters. */
  private static int kindAt(String text, int i) {
    return i < 0 || i >= text.length() ? OTHER : KINDS[Math.min(text.charAt(i), FIRST_BEYOND)];
  }

  private static int kind(char c) {
    if (c >= FIRST_BEYOND) {
      return BEYOND;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      return LETTER;
    }
    if (isDigit(c)) {
      return DIGIT;
    }
    return switch (c) {
      case '@' -> AT;
      case ':', '=' -> SIGN;
      case '+' -> PLUS;
      case '%' -> PERCENT;
      case '-' -> HYPHEN;
      case '.' -> DOT;
      case '_' -> UNDERSCORE;
      default -> OTHER;
    };
  }
}
