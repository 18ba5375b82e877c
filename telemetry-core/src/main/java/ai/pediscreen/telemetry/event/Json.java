package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decoded JSON: maps, lists, strings, numbers, booleans, null. What may stand in an event. */
final class Json {

  /** An event's own braces are the first level. */
  static final int MAX_NESTING = 64;

  /** The largest double has 309 digits before the point. */
  private static final int MIN_SCALE = -308;

  /** The smallest double has 1074 digits after the point. */
  private static final int MAX_SCALE = 1_074;

  private Json() {}

  /**
   * What is wrong with a value anywhere below this one, or null. One fault a field is enough to
   * refuse it, so the search ends at the first.
   *
   * @param nesting how many objects and arrays already enclose the value
   */
  static @Nullable String fault(@Nullable Object value, int nesting) {
    if (value == null || value instanceof Boolean) {
      return null;
    }
    if (value instanceof String text) {
      return textFault(text);
    }
    if (value instanceof Number number) {
      return numberFault(number);
    }
    if (value instanceof Map<?, ?> object) {
      if (nesting >= MAX_NESTING) {
        return tooDeep();
      }
      for (Map.Entry<?, ?> entry : object.entrySet()) {
        String fault =
            entry.getKey() instanceof String key ? textFault(key) : "must have strings as keys";
        if (fault == null) {
          fault = fault(entry.getValue(), nesting + 1);
        }
        if (fault != null) {
          return fault;
        }
      }
      return null;
    }
    if (value instanceof List<?> array) {
      if (nesting >= MAX_NESTING) {
        return tooDeep();
      }
      for (Object element : array) {
        String fault = fault(element, nesting + 1);
        if (fault != null) {
          return fault;
        }
      }
      return null;
    }
    return "must hold only JSON values, not " + value.getClass().getTypeName();
  }

  private static String tooDeep() {
    return "must not be nested over " + MAX_NESTING + " levels";
  }

  /** PostgreSQL keeps neither NUL nor half a character, so no store of ours does. */
  static @Nullable String textFault(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return "must not contain the character NUL";
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return "must not contain a lone surrogate";
        }
        i++;
      }
    }
    return null;
  }

  private static @Nullable String numberFault(Number number) {
    if (number instanceof Integer || number instanceof Long) {
      return null;
    }
    if (isNotFinite(number)) {
      return "must hold only finite numbers, not NaN or infinity";
    }
    return decimal(number) == null ? "must hold only numbers that fit a double" : null;
  }

  private static boolean isNotFinite(Number number) {
    return (number instanceof Double || number instanceof Float)
        && !Double.isFinite(number.doubleValue());
  }

  /**
   * The exact value of a number, or null if it does not fit a double: NaN, infinite, so far from
   * one that it would become zero or infinite, or a zero with an exponent that no double has.
   */
  static @Nullable BigDecimal decimal(Number number) {
    if (number instanceof Integer
        || number instanceof Long
        || number instanceof Short
        || number instanceof Byte) {
      return BigDecimal.valueOf(number.longValue());
    }
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      return Double.isFinite(value) ? new BigDecimal(number.toString()) : null;
    }
    if (number instanceof BigInteger integer) {
      return fitsDouble(new BigDecimal(integer));
    }
    if (number instanceof BigDecimal decimal) {
      return fitsDouble(decimal);
    }
    return null;
  }

  /** The value of a whole number of 64 bits; −1 if it is none. */
  static long whole(Number number) {
    if (number instanceof Integer || number instanceof Long) {
      return number.longValue();
    }
    BigDecimal decimal = decimal(number);
    if (decimal == null || decimal.stripTrailingZeros().scale() > 0) {
      return -1;
    }
    return decimal.precision() - decimal.scale() > 18 ? -1 : decimal.longValueExact();
  }

  /** The value itself if a double can hold it, if only rounded; else null. */
  static @Nullable BigDecimal fitsDouble(BigDecimal decimal) {
    if (decimal.signum() == 0) {
      // 0e-16000 is a few characters here, and sixteen thousand wherever it is written out.
      return decimal.scale() < MIN_SCALE || decimal.scale() > MAX_SCALE ? null : decimal;
    }
    double value = decimal.doubleValue();
    return Double.isInfinite(value) || value == 0 ? null : decimal;
  }

  /** Puts a field that is present; an absent one is left out. */
  static void put(Map<String, @Nullable Object> object, String name, @Nullable Object value) {
    if (value != null) {
      object.put(name, value);
    }
  }
}
