package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the forms of timestamp that the contract lists. */
final class Timestamps {

  static final Instant MIN = Instant.parse("2000-01-01T00:00:00Z");

  /** The last microsecond of 2199. */
  static final Instant MAX = TelemetryEvent.END.minus(1, ChronoUnit.MICROS);

  static final String RULE =
      "must be an ISO-8601 date and time, or Unix seconds or milliseconds, in the years 2000 to 2199";

  private static final BigDecimal MILLIS_FROM = new BigDecimal("2e10");
  private static final BigInteger MICROS_PER_SECOND = BigInteger.valueOf(1_000_000);
  private static final int MAX_LENGTH = 64;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,20}(\\.\\d{0,30})?|\\.\\d{1,30})([eE][+-]?\\d{1,3})?");
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})"
              + "(?:[Tt ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?"
              + " ?(?:([Zz])|([+-])(\\d{2})(?::?(\\d{2}))?)?)?");

  private Timestamps() {}

  /**
   * The instant in whole microseconds, or null if the value is none of the forms or out of range.
   */
  static @Nullable Instant read(Object value) {
    Instant instant = null;
    if (value instanceof Number number) {
      instant = unix(Json.decimal(number));
    } else if (value instanceof Instant given) {
      instant = given.truncatedTo(ChronoUnit.MICROS);
    } else if (value instanceof String text && text.length() <= MAX_LENGTH) {
      String trimmed = text.strip();
      Matcher iso = ISO.matcher(trimmed);
      instant = iso.matches() ? iso(iso) : number(trimmed);
    }
    return instant == null || instant.isBefore(MIN) || instant.isAfter(MAX) ? null : instant;
  }

  private static @Nullable Instant number(String text) {
    return NUMBER.matcher(text).matches() ? unix(new BigDecimal(text)) : null;
  }

  private static @Nullable Instant unix(@Nullable BigDecimal number) {
    // Far outside any year; also keeps 1e300 from becoming an integer of 300 digits.
    if (number == null || number.signum() < 0 || number.precision() - number.scale() > 20) {
      return null;
    }
    int digits = number.compareTo(MILLIS_FROM) >= 0 ? 3 : 6;
    BigInteger[] parts =
        number
            .movePointRight(digits)
            .setScale(0, RoundingMode.DOWN)
            .toBigInteger()
            .divideAndRemainder(MICROS_PER_SECOND);
    return parts[0].bitLength() > 40
        ? null
        : Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue() * 1_000);
  }

  private static @Nullable Instant iso(Matcher m) {
    try {
      LocalDate date = LocalDate.of(number(m, 1), number(m, 2), number(m, 3));
      LocalTime time = LocalTime.of(number(m, 4), number(m, 5), number(m, 6), nanos(m.group(7)));
      int offsetSeconds = (number(m, 10) * 60 + number(m, 11)) * 60;
      if (offsetSeconds >= 24 * 3600 || number(m, 11) > 59) {
        return null;
      }
      // The offset may be wider than ZoneOffset allows (±18 h), so it is taken off by hand.
      return date.atTime(time)
          .toInstant(ZoneOffset.UTC)
          .minusSeconds("-".equals(m.group(9)) ? -offsetSeconds : offsetSeconds);
    } catch (DateTimeException e) {
      // A date or time that no calendar has, such as 2026-02-30: the rule's message says it all.
      return null;
    }
  }

  private static int number(Matcher m, int group) {
    String digits = m.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Microseconds are kept, finer digits cut. */
  private static int nanos(@Nullable String fraction) {
    if (fraction == null) {
      return 0;
    }
    String micros = (fraction + "000000").substring(0, 6);
    return Integer.parseInt(micros) * 1_000;
  }
}
