package ai.pediscreen.telemetry.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What the text of a setting may be. Each form reads a text, or throws {@link
 * IllegalArgumentException} with the rule that it breaks.
 */
final class Forms {

  private Forms() {}

  static Function<String, Integer> integer(int min, int max) {
    return text -> {
      try {
        int number = Integer.parseInt(text);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Answered below, as a number out of range is.
      }
      throw new IllegalArgumentException(
          "must be a whole number between %d and %d".formatted(min, max));
    };
  }

  /** A port to listen on; 0 for any that is free. */
  static Function<String, Integer> port() {
    return integer(0, Ports.HIGHEST);
  }

  /** Yes or no, in the words that people use. */
  static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  static Function<String, String> oneOf(String... values) {
    List<String> allowed = List.of(values);
    return text -> {
      if (allowed.contains(text)) {
        return text;
      }
      throw new IllegalArgumentException("must be one of " + String.join(", ", allowed));
    };
  }

  /** The name of one of the values, in lower-case letters. */
  static <E extends Enum<E>> Function<String, E> oneOf(E[] values) {
    String[] names =
        Arrays.stream(values)
            .map(one -> one.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    return oneOf(names).andThen(name -> values[Arrays.asList(names).indexOf(name)]);
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("must be a path", e);
    }
  }
}
