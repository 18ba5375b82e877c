package ai.pediscreen.telemetry.privacy;

import ai.pediscreen.telemetry.privacy.PhiKeys.Meaning;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds identifiers in a text by their form, or by a label before them.
 *
 * <p>Each text is read once to see whether it can hold any: most hold neither an at sign nor enough
 * digits apart from letters nor a word that ends a label, and are done. No regular expressions:
 * every step looks at a bounded number of characters around the place where it stands, so that time
 * grows with the text's length and with nothing else.
 */
final class PhiText {

  /** The least digits of a number after a label. */
  static final int MIN_DIGITS = 4;

  /** The least digits of a number that is known by its form: a telephone number's after a plus. */
  static final int MIN_NUMBER_DIGITS = 8;

  private static final int MAX_LOCAL_PART = 64;
  private static final int MAX_DOMAIN = 255;
  private static final int MAX_LABEL_WORDS = 4;
  private static final int MAX_LABEL_CHARS = 48;
  private static final int MAX_FILLERS = 3;

  private static final Set<String> MONTHS =
      Set.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private static final Set<String> NO_NAMES = Set.of("none", "null", "nil", "true", "false", "nan");

  // What may stand where, as bits of GAPS.
  private static final int BEFORE_NUMBER = 1;
  private static final int BEFORE_SIGN = 2;
  private static final int BETWEEN_WORDS = 4;
  private static final byte[] GAPS = new byte[128];

  static {
    " :=#\"'.-_(/\\>".chars().forEach(c -> GAPS[c] |= BEFORE_NUMBER);
    " \"'\\".chars().forEach(c -> GAPS[c] |= BEFORE_SIGN);
    " _-.'".chars().forEach(c -> GAPS[c] |= BETWEEN_WORDS);
  }

  private final String text;

  /** Where the word begins that was read last, and the hash of its letters. */
  private int wordStart;

  private int wordHash;

  private PhiText(String text) {
    this.text = text;
  }

  /** What the text holds, or null; if it holds several, one of them. */
  static @Nullable PhiRule find(String text) {
    int scan = QuickScan.of(text);
    return scan == 0 ? null : findIn(text, scan);
  }

  private static @Nullable PhiRule findIn(String text, int scan) {
    String plain = (scan & QuickScan.WIDE) == 0 ? text : folded(text);
    PhiRule rule = new PhiText(plain).find(plain.equals(text) ? scan : QuickScan.of(plain));
    if (rule == null && (scan & QuickScan.ENCODED) != 0) {
      String decoded = folded(percentDecoded(text));
      rule = new PhiText(decoded).find(QuickScan.of(decoded));
    }
    return rule;
  }

  private @Nullable PhiRule find(int scan) {
    PhiRule rule = (scan & QuickScan.EMAIL) == 0 ? null : emails();
    if (rule == null && (scan & QuickScan.NUMBER) != 0) {
      rule = numbers();
    }
    if (rule == null && (scan & QuickScan.LABELLED_NUMBER) != 0) {
      rule = labelledNumbers();
    }
    return rule == null && (scan & QuickScan.LABELLED_TEXT) != 0 ? labels() : rule;
  }

  // E-mail addresses

  private @Nullable PhiRule emails() {
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      if (hasLocalPart(at) && hasDomain(at + 1)) {
        return PhiRule.EMAIL;
      }
    }
    return null;
  }

  private boolean hasLocalPart(int at) {
    for (int i = at - 1; i >= 0 && i >= at - MAX_LOCAL_PART; i--) {
      char c = text.charAt(i);
      if (Character.isLetterOrDigit(c) || c == '"') {
        return true;
      }
      if ("!#$%&'*+-/=?^_`{|}~.".indexOf(c) < 0) {
        return false;
      }
    }
    return false;
  }

  private boolean hasDomain(int from) {
    int labels = 0;
    int numericLabels = 0;
    int start = from;
    boolean topLevel = false;
    int end = Math.min(text.length(), from + MAX_DOMAIN);
    for (int i = from; i <= end; i++) {
      char c = i < end ? text.charAt(i) : ' ';
      if (c != '.' && (Character.isLetterOrDigit(c) || c == '-')) {
        continue;
      }
      if (i == start) {
        break;
      }
      topLevel = labels > 0 && isTopLevel(start, i);
      if (labels < 2 && isDigit(text.charAt(start)) && countDigits(start, i) == i - start) {
        numericLabels++;
      }
      labels++;
      start = i + 1;
      if (c != '.') {
        break;
      }
    }
    // A version such as 1.2.3-beta.rc is no domain, whatever its last word.
    return topLevel && numericLabels < 2;
  }

  private boolean isTopLevel(int from, int to) {
    if (text.startsWith("xn--", from)) {
      return true;
    }
    int end = from;
    while (end < to && Character.isLetter(text.charAt(end))) {
      end++;
    }
    // A hyphen behind it belongs to the sentence.
    return end - from >= 2 && (end == to || text.charAt(end) == '-');
  }

  // Numbers

  private @Nullable PhiRule numbers() {
    boolean sentence = text.indexOf(' ') >= 0 || text.indexOf('\n') >= 0;
    NumberGroups groups = new NumberGroups(text);
    int next = 0;
    while (groups.read(next)) {
      PhiRule rule = groups.digits() < MIN_NUMBER_DIGITS ? null : byForm(groups, sentence);
      if (rule != null) {
        return rule;
      }
      next = groups.next();
    }
    return null;
  }

  private static @Nullable PhiRule byForm(NumberGroups groups, boolean sentence) {
    groups.readSurroundings();
    if (groups.isAfterPlus()) {
      return PhiRule.PHONE;
    }
    for (int i = 0; i < groups.count(); i++) {
      if (groups.isSocialSecurityNumber(i)) {
        return PhiRule.SSN;
      }
      if (groups.isInternational(i)
          || groups.isAmericanPhone(i)
          || (sentence && groups.isBareAmericanPhone(i))) {
        return PhiRule.PHONE;
      }
    }
    return null;
  }

  // Numbers after a label

  private @Nullable PhiRule labelledNumbers() {
    PhiRule rule = null;
    for (int i = nextDigit(text, 0); i < text.length() && rule == null; i = nextDigit(text, i)) {
      rule = byLabel(i);
      i = endOfDigits(text, i);
    }
    return rule;
  }

  /** What a word before a number says it is, or null. */
  private @Nullable PhiRule byLabel(int number) {
    char before = number == 0 ? ' ' : text.charAt(number - 1);
    boolean glued = before == '-' || isWordChar(before);
    boolean month = false;
    int end = number;
    for (int dropped = 0; dropped <= MAX_FILLERS; dropped++) {
      int wordEnd = skipBack(end, BEFORE_NUMBER);
      if (!readWordBefore(wordEnd)) {
        return null;
      }
      int start = wordStart;
      boolean prefix = dropped == 0 && glued && wordEnd - start <= 4;
      boolean known = PhiKeys.mayStandBeforeNumber(wordHash);
      if (!prefix && !known) {
        return null;
      }
      Meaning meaning = known ? label(start, wordEnd) : null;
      if (meaning != null && takes(meaning, number, wordEnd, month)) {
        return meaning.rule();
      }
      if (!prefix && !PhiKeys.isFiller(text, start, wordEnd)) {
        return null;
      }
      month = month || isMonth(start);
      end = start;
    }
    return null;
  }

  private boolean takes(Meaning meaning, int number, int labelEnd, boolean month) {
    NumberGroups groups = new NumberGroups(text);
    groups.read(number);
    int digits = groups.digits();
    return switch (meaning) {
      case MRN, SSN -> digits >= MIN_DIGITS;
      // mobile-20260310 is the build of a program.
      case PHONE -> digits >= 7 && " :=#\"'(".indexOf(text.charAt(afterDot(labelEnd))) >= 0;
      case BIRTH_DATE ->
          month || digits >= 5 || groups.count() >= 3 || isMonth(afterOrdinal(groups.firstEnd()));
      case ADDRESS, EMAIL, NAME, PERSON, USER_ID, CASE_ID -> false;
    };
  }

  private int afterDot(int end) {
    return text.charAt(end) == '.' ? end + 1 : end;
  }

  private int afterOrdinal(int end) {
    int i = end;
    if (i + 1 < text.length() && isLetter(text.charAt(i)) && isLetter(text.charAt(i + 1))) {
      i += 2;
    }
    while (i < text.length() && " -./".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return text.startsWith("of ", i) ? i + 3 : i;
  }

  private boolean isMonth(int wordStart) {
    return wordStart + 3 <= text.length()
        && MONTHS.contains(text.substring(wordStart, wordStart + 3).toLowerCase(Locale.ROOT));
  }

  // Labels of what has no digits

  private @Nullable PhiRule labels() {
    PhiRule rule = labels(':');
    return rule == null ? labels('=') : rule;
  }

  private @Nullable PhiRule labels(char sign) {
    for (int i = text.indexOf(sign, 1); i >= 0; i = text.indexOf(sign, i + 1)) {
      int wordEnd = skipBack(i, BEFORE_SIGN);
      boolean known = readWordBefore(wordEnd) && PhiKeys.mayEndLabel(wordHash);
      Meaning meaning = known ? label(wordStart, wordEnd) : null;
      if (meaning == Meaning.NAME && nameFollows(i + 1, sign == '=')) {
        return PhiRule.NAME;
      }
      if (meaning == Meaning.ADDRESS && houseFollows(i + 1)) {
        return PhiRule.ADDRESS;
      }
    }
    return null;
  }

  private boolean nameFollows(int from, boolean anyCase) {
    int start = from;
    boolean quoted = false;
    while (start < text.length()
        && start < from + 6
        && " \"'\\[".indexOf(text.charAt(start)) >= 0) {
      quoted = quoted || text.charAt(start) == '"' || text.charAt(start) == '\'';
      start++;
    }
    if (start >= text.length() || !Character.isLetter(text.charAt(start))) {
      return false;
    }
    int end = start;
    while (end < text.length() && end < start + 6 && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return (anyCase || quoted || Character.isUpperCase(text.charAt(start)))
        && !NO_NAMES.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
  }

  /** {@code 12 Main}, {@code 221B Baker}, {@code 12+Main}. */
  private boolean houseFollows(int from) {
    int i = from;
    while (i < text.length() && i < from + 6 && " \"'\\".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    int digits = 0;
    while (i < text.length() && digits < 6 && isDigit(text.charAt(i))) {
      digits++;
      i++;
    }
    if (i < text.length() && isLetter(text.charAt(i))) {
      i++;
    }
    return digits > 0
        && i + 1 < text.length()
        && " +".indexOf(text.charAt(i)) >= 0
        && Character.isLetter(text.charAt(i + 1));
  }

  // Words before a place

  /**
   * What the longest label says that ends with a word, of one to four words.
   *
   * @param lastWord where the word begins
   */
  private @Nullable Meaning label(int lastWord, int end) {
    if (!PhiKeys.endsLabel(text, lastWord, end)) {
      return null;
    }
    Meaning found = null;
    int start = lastWord;
    for (int words = 1; true; words++) {
      Meaning meaning = PhiKeys.meaning(text, start, end, false);
      found = meaning == null ? found : meaning;
      int before = skipBack(start, BETWEEN_WORDS);
      if (words == MAX_LABEL_WORDS
          || before == 0
          || !isLetter(text.charAt(before - 1))
          || end - before > MAX_LABEL_CHARS) {
        return found;
      }
      readWordBefore(before);
      start = wordStart;
    }
  }

  /** Reads the word that ends here; false if none does. */
  private boolean readWordBefore(int end) {
    int start = end;
    int hash = 0;
    while (start > 0 && end - start < MAX_LABEL_CHARS) {
      char c = text.charAt(start - 1);
      if (!isLetter(c)) {
        break;
      }
      hash += PhiKeys.weight(c);
      start--;
    }
    wordStart = start;
    wordHash = hash;
    return start < end;
  }

  /** Steps back over at most six characters of a kind of gap. */
  private int skipBack(int end, int gap) {
    int i = end;
    while (i > 0 && end - i < 6) {
      char c = text.charAt(i - 1);
      if (c >= 128 || (GAPS[c] & gap) == 0) {
        break;
      }
      i--;
    }
    return i;
  }

  private int countDigits(int from, int to) {
    int digits = 0;
    for (int i = from; i < to; i++) {
      digits += isDigit(text.charAt(i)) ? 1 : 0;
    }
    return digits;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Where the first digit stands at or after a place; the text's length if there is none. */
  static int nextDigit(String text, int from) {
    int length = text.length();
    int i = from;
    while (i < length && !isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static int endOfDigits(String text, int from) {
    int length = text.length();
    int i = from;
    while (i < length && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 128 && Character.isLetter(c));
  }

  static boolean isWordChar(char c) {
    return isDigit(c) || isLetter(c) || c == '_';
  }

  // Other ways to write the same

  /** With the characters of ASCII that were percent-encoded. */
  private static String percentDecoded(String text) {
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length()) {
        int code =
            Character.digit(text.charAt(i + 1), 16) * 16 + Character.digit(text.charAt(i + 2), 16);
        if (code >= ' ' && code < 127) {
          decoded.append((char) code);
          i += 2;
          continue;
        }
      }
      decoded.append(c);
    }
    return decoded.toString();
  }

  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = folded(text.charAt(i));
      if (c != 0) {
        folded.append(c);
      }
    }
    return folded.toString();
  }

  /** The plain character that means the same here; 0 for what cannot be seen. */
  static char folded(char c) {
    if (c < 128) {
      return c;
    }
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER -> (char) ('0' + Character.digit(c, 10));
      case Character.DASH_PUNCTUATION -> '-';
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          ' ';
      case Character.FORMAT -> 0;
      case Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION -> '\'';
      default -> {
        // Full-width forms, and the minus sign.
        if (c >= '\uff01' && c <= '\uff5e') {
          yield (char) (c - 0xfee0);
        }
        yield c == '\u2212' ? '-' : c;
      }
    };
  }
}
