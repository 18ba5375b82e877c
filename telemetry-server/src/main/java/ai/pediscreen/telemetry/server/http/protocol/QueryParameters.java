package ai.pediscreen.telemetry.server.http.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string. Stricter than a web framework: what is not percent-encoded
 * UTF-8 is refused and not dropped, and so is a parameter that is asked for and given twice.
 * Unknown parameters are ignored, unless a route {@linkplain #requireNothingIgnored refuses them}.
 */
public final class QueryParameters {

  /** What {@link #parseDate} takes. */
  public static final String DATE_RULE = "a date such as 2026-02-01, of the years 2000 to 2199";

  private static final Pattern DATE = Pattern.compile("2[01][0-9]{2}-[0-9]{2}-[0-9]{2}");

  private final Map<String, List<String>> values = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  /**
   * @param query the raw query string; null for none
   * @throws ProblemException 400 if it is malformed
   */
  public QueryParameters(@Nullable String query) {
    if (query == null) {
      return;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
    }
  }

  /**
   * A parameter's value; null if it is absent or blank.
   *
   * @param name the contract's name; goes into messages
   * @throws ProblemException 400 if it is given twice or holds NUL
   */
  @Nullable
  public String text(String name) {
    asked.add(name);
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw bad(name, "must be given once");
    }
    if (given.isEmpty() || given.get(0).isBlank()) {
      return null;
    }
    String value = given.get(0);
    if (value.indexOf(0) >= 0) {
      throw bad(name, "must not contain the character NUL");
    }
    return value;
  }

  /**
   * For routes that change something, after all known parameters are read: with a misspelt name or
   * a missing value they would change more than was meant.
   *
   * @throws ProblemException 400 if a parameter is blank or unknown
   */
  public void requireNothingIgnored() {
    if (!asked.containsAll(values.keySet())) {
      throw Problem.badParameter(
              "this route takes no parameters but "
                  + asked.stream().sorted().collect(Collectors.joining(", ")))
          .exception();
    }
    for (Map.Entry<String, List<String>> given : values.entrySet()) {
      if (given.getValue().stream().allMatch(String::isBlank)) {
        throw bad(given.getKey(), "must not be blank");
      }
    }
  }

  /** {@link #text} of at most so many characters. */
  @Nullable
  public String text(String name, int maxLength) {
    String value = text(name);
    if (value != null && value.codePointCount(0, value.length()) > maxLength) {
      throw bad(name, "must be at most " + maxLength + " characters long");
    }
    return value;
  }

  /** A whole number, or {@code absent} if there is none. */
  public int number(String name, int min, int max, int absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    String digits = value.strip();
    // Nine digits always fit; a parser would also take the digits of other scripts.
    int number = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
    if (number < min || number > max) {
      throw bad(name, "must be a whole number between " + min + " and " + max);
    }
    return number;
  }

  /** Whether a parameter says {@code true}; one that is absent says {@code false}. */
  public boolean flag(String name) {
    String value = text(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (!value.equals("true")) {
      throw bad(name, "must be true or false");
    }
    return true;
  }

  /** A day, or null if there is none. */
  @Nullable
  public LocalDate date(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    LocalDate date = parseDate(value.strip());
    if (date == null) {
      throw bad(name, "must be " + DATE_RULE);
    }
    return date;
  }

  /**
   * An instant, or null if there is none: ISO 8601 with an offset, or a day.
   *
   * @param plusDays what is added to the beginning of a day: 1 for the end of one that is included
   */
  @Nullable
  public Instant instant(String name, int plusDays) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    LocalDate day = parseDate(value.strip());
    if (day != null) {
      return day.plusDays(plusDays).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    try {
      // A plus sign that was not encoded arrives as a space.
      return OffsetDateTime.parse(value.strip().replace(' ', '+')).toInstant();
    } catch (DateTimeParseException e) {
      throw bad(name, "must be a date, or a date and time such as 2026-02-01T08:30:00Z");
    }
  }

  /** A day of the years that events can have; null if the text is none. */
  public static @Nullable LocalDate parseDate(String text) {
    if (!DATE.matcher(text).matches()) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static ProblemException bad(String name, String rule) {
    return Problem.badParameter(name + " " + rule).exception();
  }

  private static String decoded(String text) {
    if (text.chars().allMatch(c -> c != '%' && c != '+' && c < 0x80)) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(digit(text, i + 1) * 16 + digit(text, i + 2));
        i += 2;
      } else if (c >= 0x80) {
        throw malformed();
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      // Unlike the constructor of String, a decoder refuses what is malformed.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static int digit(String text, int index) {
    int digit = index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
    if (digit < 0 || text.charAt(index) >= 0x80) {
      throw malformed();
    }
    return digit;
  }

  private static ProblemException malformed() {
    return Problem.badParameter("the query must be percent-encoded UTF-8").exception();
  }
}
