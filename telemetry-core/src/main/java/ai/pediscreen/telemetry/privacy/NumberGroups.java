package ai.pediscreen.telemetry.privacy;

import static ai.pediscreen.telemetry.privacy.PhiText.endOfDigits;
import static ai.pediscreen.telemetry.privacy.PhiText.isDigit;
import static ai.pediscreen.telemetry.privacy.PhiText.isWordChar;
import static ai.pediscreen.telemetry.privacy.PhiText.nextDigit;

/**
 * Groups of digits that stand together in a text, as in {@code +1 (415) 555-2671}, and what number
 * they can be. Read one run after another into the same object.
 */
final class NumberGroups {

  private static final int MAX_GROUPS = 12;

  /** Groups that are read again if there are over {@link #MAX_GROUPS}, so that none is cut. */
  private static final int OVERLAP = 5;

  /** What stands between two groups, or before the first and after the last. */
  private enum Gap {
    NOTHING,
    SPACES,
    HYPHEN,
    DOT,
    /** A space and a hyphen: a minus sign unless another space follows. */
    HALF_DASH,
    /** A hyphen between spaces. */
    DASH,
    SLASH,
    OPENING,
    CLOSING;

    /** Whether it makes one thing of what is on both sides. */
    boolean binds() {
      return this == HYPHEN || this == DOT || this == CLOSING;
    }
  }

  private final String text;
  private final int[] starts = new int[MAX_GROUPS];
  private final int[] ends = new int[MAX_GROUPS];
  private final Gap[] gaps = new Gap[MAX_GROUPS];
  private int count;
  private boolean plus;
  private boolean boundBefore;
  private boolean boundAfter;
  private int next;

  NumberGroups(String text) {
    this.text = text;
  }

  /** Reads the first run at or after a place; false if there is no digit any more. */
  boolean read(int from) {
    int i = nextDigit(text, from);
    if (i == text.length()) {
      return false;
    }
    count = 0;
    while (true) {
      starts[count] = i;
      i = endOfDigits(text, i);
      ends[count] = i;
      Gap gap = gapAt(i);
      gaps[count] = gap;
      count++;
      if (gap == Gap.NOTHING) {
        next = i;
        break;
      }
      if (count == MAX_GROUPS) {
        next = starts[MAX_GROUPS - OVERLAP];
        break;
      }
      i = nextDigit(text, i);
    }
    return true;
  }

  /** Reads what stands around the run, which what follows {@link #digits} asks for. */
  void readSurroundings() {
    before();
    after();
  }

  /** Where to read on. */
  int next() {
    return next;
  }

  int count() {
    return count;
  }

  int start() {
    return starts[0];
  }

  int firstEnd() {
    return ends[0];
  }

  /** Digits of all groups. */
  int digits() {
    int digits = 0;
    for (int i = 0; i < count; i++) {
      digits += length(i);
    }
    return digits;
  }

  /** A plus sign and 8 to 15 digits. */
  boolean isAfterPlus() {
    if (!plus || text.charAt(starts[0]) == '0') {
      return false;
    }
    // +12.3456789 is a number, unless it is +1.4155552671, as registries write it.
    boolean decimal =
        count == 2
            && gaps[0] == Gap.DOT
            && !(length(0) == 1 && text.charAt(starts[0]) == '1' && length(1) == 10);
    return !decimal && reaches(0, 8, 15);
  }

  /** Two zeros, a country and a number, with something between them. */
  boolean isInternational(int i) {
    int start = starts[i];
    return count - i >= 3
        && length(i) >= 3
        && length(i) <= 5
        && text.startsWith("00", start)
        && text.charAt(start + 2) != '0'
        && !boundBefore(i)
        && reaches(i, 10, 17);
  }

  /** Whether the digits of some groups from here on are that many. */
  private boolean reaches(int from, int min, int max) {
    int digits = 0;
    for (int i = from; i < count && digits < min; i++) {
      digits += length(i);
    }
    return digits >= min && digits <= max;
  }

  boolean isSocialSecurityNumber(int i) {
    if (!isShape(i, 3, 2, 4) || boundBefore(i) || boundAfter(i + 2)) {
      return false;
    }
    Gap gap = gaps[i];
    if (gap != gaps[i + 1]) {
      return false;
    }
    if (gap == Gap.HYPHEN) {
      return true;
    }
    int area = number(i);
    boolean issued =
        area > 0 && area < 900 && area != 666 && number(i + 1) > 0 && number(i + 2) > 0;
    boolean spaced = gap == Gap.SPACES || gap == Gap.DASH;
    return issued && (gap == Gap.DOT || (spaced && isAlone(i, i + 2)));
  }

  boolean isAmericanPhone(int i) {
    if (!isShape(i, 3, 3, 4) || text.charAt(starts[i]) < '2' || boundAfter(i + 2)) {
      return splitAfterArea(i);
    }
    boolean country = isCountry(i - 1);
    if (!country && boundBefore(i)) {
      return false;
    }
    Gap first = gaps[i];
    Gap second = gaps[i + 1];
    if (first == Gap.OPENING || !isWithinLocal(second)) {
      return false;
    }
    return first != Gap.SPACES || second != Gap.SPACES || isAlone(country ? i - 1 : i, i + 2);
  }

  private static boolean isWithinLocal(Gap gap) {
    return gap == Gap.HYPHEN || gap == Gap.DOT || gap == Gap.SPACES || gap == Gap.DASH;
  }

  /** {@code (415) 5552671}. */
  private boolean splitAfterArea(int i) {
    return isShape(i, 3, 7)
        && gaps[i] == Gap.CLOSING
        && text.charAt(starts[i]) >= '2'
        && !boundAfter(i + 1);
  }

  /** Ten digits on end, as the American plan numbers telephones, with or without a 1 before. */
  boolean isBareAmericanPhone(int i) {
    int start = starts[i];
    if (length(i) == 11 && text.charAt(start) == '1') {
      start++;
    } else if (length(i) != 10) {
      return false;
    }
    return text.charAt(start) >= '2'
        && (text.charAt(start + 3) >= '2' || text.startsWith("555", start))
        && !boundBefore(i)
        && !boundAfter(i);
  }

  private boolean isShape(int i, int... lengths) {
    if (i + lengths.length > count) {
      return false;
    }
    for (int j = 0; j < lengths.length; j++) {
      if (length(i + j) != lengths[j]) {
        return false;
      }
    }
    return true;
  }

  private boolean isCountry(int i) {
    if (i < 0 || boundBefore(i)) {
      return false;
    }
    int length = length(i);
    return (length == 1 || (length == 3 && text.startsWith("00", starts[i])))
        && text.charAt(ends[i] - 1) == '1';
  }

  /** Whether no further number stands right before or after these groups. */
  private boolean isAlone(int first, int last) {
    int i = starts[first] - 1;
    while (i >= 0 && text.charAt(i) == ' ') {
      i--;
    }
    boolean numberBefore = i >= 0 && isDigit(text.charAt(i));
    return !numberBefore && last == count - 1 && gaps[last] == Gap.NOTHING;
  }

  private boolean boundBefore(int i) {
    return i == 0 ? boundBefore : gaps[i - 1].binds();
  }

  private boolean boundAfter(int i) {
    return i == count - 1 ? boundAfter : gaps[i].binds();
  }

  private void before() {
    int i = starts[0] - 1;
    if (i >= 0 && text.charAt(i) == '(') {
      i--;
    }
    plus = i >= 0 && text.charAt(i) == '+' && (i == 0 || !isWordChar(text.charAt(i - 1)));
    if (i < 0) {
      boundBefore = false;
      return;
    }
    char c = text.charAt(i);
    boolean joint = c == '-' || c == '.' || c == '@' || c == '$';
    boundBefore =
        isWordChar(c) || (joint && i > 0 && isWordChar(text.charAt(i - 1))) || (c == '+' && !plus);
  }

  private void after() {
    int i = ends[count - 1];
    if (i == text.length()) {
      boundAfter = false;
      return;
    }
    char c = text.charAt(i);
    boolean extension = c == 'x' || c == 'X' || text.startsWith("ext", i);
    boundAfter =
        gaps[count - 1] != Gap.NOTHING
            || (isWordChar(c) && !extension)
            || (c == '-' && i + 1 < text.length() && isWordChar(text.charAt(i + 1)));
  }

  /** What stands between the group that ends here and the next one, if one follows closely. */
  private Gap gapAt(int end) {
    Gap gap = Gap.NOTHING;
    int i = end;
    while (i < text.length() && i < end + 4 && !isDigit(text.charAt(i))) {
      gap = with(gap, text.charAt(i));
      if (gap == Gap.NOTHING) {
        return gap;
      }
      i++;
    }
    boolean followed = i < text.length() && isDigit(text.charAt(i)) && gap != Gap.HALF_DASH;
    return followed ? gap : Gap.NOTHING;
  }

  /** The gap, grown by a character; nothing if they make none. */
  private static Gap with(Gap gap, char c) {
    return switch (c) {
      case ' ' ->
          switch (gap) {
            case NOTHING, SPACES -> Gap.SPACES;
            case CLOSING, DASH -> gap;
            case HALF_DASH -> Gap.DASH;
            default -> Gap.NOTHING;
          };
      case '-' ->
          switch (gap) {
            case NOTHING -> Gap.HYPHEN;
            case SPACES -> Gap.HALF_DASH;
            case CLOSING -> gap;
            default -> Gap.NOTHING;
          };
      case '.' -> gap == Gap.NOTHING ? Gap.DOT : Gap.NOTHING;
      case '/' -> gap == Gap.NOTHING ? Gap.SLASH : Gap.NOTHING;
      case '(' ->
          switch (gap) {
            case NOTHING, SPACES, HYPHEN, DOT -> Gap.OPENING;
            default -> Gap.NOTHING;
          };
      case ')' -> gap == Gap.NOTHING ? Gap.CLOSING : Gap.NOTHING;
      default -> Gap.NOTHING;
    };
  }

  private int number(int i) {
    return Integer.parseInt(text.substring(starts[i], ends[i]));
  }

  private int length(int i) {
    return ends[i] - starts[i];
  }
}
