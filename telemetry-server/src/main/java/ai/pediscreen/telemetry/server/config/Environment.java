package ai.pediscreen.telemetry.server.config;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvEntry;
import io.github.cdimascio.dotenv.DotenvException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by name and gathers what is wrong with them, so that one message can list every
 * fault. A blank value counts as unset. Messages never quote the value of a secret.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Environment {

  private final Map<String, String> variables;
  private final Map<String, String> given = new TreeMap<>();
  private final Set<String> secrets = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The process's environment, and below it the file {@code .env} of the working directory. */
  public static Environment ofProcess() {
    Map<String, String> variables = new HashMap<>();
    List<String> faults = new ArrayList<>();
    try {
      Dotenv.configure()
          .ignoreIfMissing()
          .load()
          .entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)
          .forEach((DotenvEntry entry) -> variables.put(entry.getKey(), entry.getValue()));
    } catch (DotenvException e) {
      // Its message quotes the line, which may hold a secret.
      faults.add(".env must hold nothing but lines such as NAME=value or NAME=\"value\"");
    }
    variables.putAll(System.getenv());
    Environment environment = new Environment(variables);
    faults.forEach(environment::fault);
    return environment;
  }

  /** The text of a setting, or null if it is unset. */
  @Nullable
  public String text(String name) {
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    given.put(name, value.strip());
    return value.strip();
  }

  public String text(String name, String fallback) {
    String value = text(name);
    return value == null ? fallback : value;
  }

  /** The text of a secret: the setting itself, or the file that {@code <NAME>_FILE} names. */
  @Nullable String secret(String name) {
    secrets.add(name);
    String value = text(name);
    String file = text(name + "_FILE");
    if (file == null) {
      return value;
    }
    if (value != null) {
      fault(name + " and " + name + "_FILE are both set; set one of them");
      return null;
    }
    try {
      String content = Files.readString(Path.of(file)).strip();
      if (content.isEmpty()) {
        fault(name + "_FILE names an empty file: " + file);
        return null;
      }
      return content;
    } catch (IOException | RuntimeException e) {
      fault(name + "_FILE names a file that cannot be read: " + file);
      return null;
    }
  }

  int integer(String name, int fallback, int min, int max) {
    String value = text(name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    fault("%s must be a whole number between %d and %d".formatted(name, min, max));
    return fallback;
  }

  /** Yes or no, in the words that people use. */
  boolean flag(String name, boolean fallback) {
    String value = text(name);
    if (value == null) {
      return fallback;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> {
        fault(name + " must be true or false");
        yield fallback;
      }
    };
  }

  /** A setting whose values are listed. */
  String oneOf(String name, String fallback, List<String> allowed) {
    String value = text(name, fallback);
    if (allowed.contains(value)) {
      return value;
    }
    fault("%s must be one of %s".formatted(name, String.join(", ", allowed)));
    return fallback;
  }

  /** A setting of some form; the parser throws {@link IllegalArgumentException} with the rule. */
  <T> T parsed(String name, T fallback, Function<String, T> parser) {
    String value = text(name);
    if (value == null) {
      return fallback;
    }
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      fault(name + " " + e.getMessage());
      return fallback;
    }
  }

  /** A secret of some form; the parser throws {@link IllegalArgumentException} with the rule. */
  <T> @Nullable T parsedSecret(String name, Function<String, T> parser) {
    String value = secret(name);
    if (value == null) {
      return null;
    }
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      fault(name + " " + e.getMessage());
      return null;
    }
  }

  /** The text of each setting that was read and is set, and of a secret {@code set}. */
  Map<String, String> given() {
    Map<String, String> texts = new TreeMap<>(given);
    texts.replaceAll((name, text) -> secrets.contains(name) ? "set" : text);
    return texts;
  }

  void fault(String fault) {
    faults.add(fault);
  }

  /** What is wrong with the settings read so far. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
