package ai.pediscreen.telemetry.server.http;

/**
 * Tells whether bytes are UTF-8 as RFC 3629 has it. JSON parsers let overlong forms and encoded
 * surrogates pass, and a database would refuse the text that comes of them.
 */
final class Utf8 {

  private Utf8() {}

  /** Whether the bytes from {@code from} up to, not including, {@code to} are well-formed. */
  static boolean isWellFormed(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int first = bytes[i];
      int length = first >= 0 ? 1 : lengthOfMultibyte(bytes, i, to);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /** Length in bytes of the character at {@code i}, which is no ASCII; 0 if it is malformed. */
  private static int lengthOfMultibyte(byte[] bytes, int i, int to) {
    int first = bytes[i] & 0xFF;
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (i + length > to) {
      return 0;
    }
    int second = bytes[i + 1] & 0xFF;
    // Overlong forms begin with E0 and F0, surrogates with ED, what is over U+10FFFF with F4.
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int k = i + 2; k < i + length; k++) {
      if ((bytes[k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
