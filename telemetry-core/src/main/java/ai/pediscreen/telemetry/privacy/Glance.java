package ai.pediscreen.telemetry.privacy;

import static ai.pediscreen.telemetry.privacy.PhiText.MIN_DIGITS;

/**
 * What one quick look at a text says of what it may hold. Most texts may hold nothing, so this is
 * what the guard costs.
 */
final class Glance {

  static final int EMAIL = 1;
  static final int NUMBER = 2;
  static final int LABELLED_NUMBER = 4;
  static final int LABELLED_TEXT = 8;

  /** Characters beyond ASCII, which may only look like the usual ones. */
  static final int WIDE = 16;

  /** A percent sign. */
  static final int ENCODED = 32;

  // What a character is; the first seven are numbers of bits, above those of the 26 letters.
  private static final int LETTER = 0;
  private static final int AT = 26;
  private static final int SIGN = 27;
  private static final int PLUS = 28;
  private static final int PERCENT = 29;
  private static final int BEYOND = 30;
  private static final int OTHER = 31;
  private static final int DIGIT = 32;
  private static final int HYPHEN = 33;
  private static final int DOT = 34;
  private static final int UNDERSCORE = 35;

  private static final int TELLING = 1 << AT | 1 << SIGN | 1 << PLUS | 1 << PERCENT | 1 << BEYOND;
  private static final int HEX_LETTERS = (1 << ('g' - 'a')) - 1;

  private static final byte[] KINDS = new byte[128];
  private static final int[] BITS = new int[128];

  static {
    for (char c = 0; c < 128; c++) {
      KINDS[c] = (byte) kind(c);
      BITS[c] =
          switch (KINDS[c]) {
            case LETTER -> 1 << ((c | 0x20) - 'a');
            case DIGIT, HYPHEN -> 0;
            case AT, SIGN, PLUS, PERCENT -> 1 << KINDS[c];
            default -> 1 << OTHER;
          };
    }
  }

  /** An American social security number has as many; a telephone number with a plus can have 8. */
  private static final int MIN_NUMBER_DIGITS = 9;

  private Glance() {}

  /** The letters of a word as bits: its small ones, from the lowest bit up. */
  static int letters(String word) {
    return word.chars().map(c -> BITS[c]).reduce(0, (a, b) -> a | b);
  }

  /** What a text may hold, as a sum of the above; 0 for nothing. */
  static int at(String text) {
    int seen = 0;
    int digits = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      seen |= c < 128 ? BITS[c] : 1 << BEYOND;
      digits += c >= '0' && c <= '9' ? 1 : 0;
    }
    if (digits < MIN_DIGITS && (seen & TELLING) == 0) {
      return 0;
    }
    // Hexadecimal ids and UUIDs: their digits touch letters, and their letters spell no label.
    if (seen != 0 && (seen & ~HEX_LETTERS) == 0) {
      return 0;
    }
    int enough = (seen & 1 << PLUS) == 0 ? MIN_NUMBER_DIGITS : MIN_NUMBER_DIGITS - 1;
    boolean number = digits >= enough && freeDigits(text) >= enough;
    boolean label = PhiKeys.maySpellLabel(seen);
    return (number ? NUMBER : 0)
        | (label && digits >= MIN_DIGITS ? LABELLED_NUMBER : 0)
        | (label && (seen & 1 << SIGN) != 0 ? LABELLED_TEXT : 0)
        | ((seen & 1 << AT) == 0 ? 0 : EMAIL)
        | ((seen & 1 << BEYOND) == 0 ? 0 : WIDE)
        | ((seen & 1 << PERCENT) == 0 ? 0 : ENCODED);
  }

  /** How many digits no letter touches, be it over hyphens and dots. */
  private static int freeDigits(String text) {
    int freeDigits = 0;
    int tokenDigits = 0;
    boolean tokenHasLetters = false;
    int before = OTHER;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int kind = c < 128 ? KINDS[c] : OTHER;
      if (kind == DIGIT) {
        tokenDigits += tokenHasLetters ? 0 : 1;
      } else if (kind == LETTER) {
        // 415-555-2671x12, 415-555-2671.Please
        if (before != LETTER && (before == DOT || (c | 0x20) == 'x' || (c | 0x20) == 'e')) {
          freeDigits += tokenDigits;
        }
        tokenDigits = 0;
        tokenHasLetters = true;
      } else if (kind == UNDERSCORE) {
        tokenDigits = 0;
        tokenHasLetters = true;
      } else if ((kind != HYPHEN && kind != DOT) || before == HYPHEN || before == DOT) {
        freeDigits += tokenDigits;
        tokenDigits = 0;
        tokenHasLetters = false;
      }
      before = kind;
    }
    return freeDigits + tokenDigits;
  }

  private static int kind(char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      return LETTER;
    }
    if (c >= '0' && c <= '9') {
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
