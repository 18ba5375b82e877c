package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvEntry;
import io.github.cdimascio.dotenv.DotenvException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings and gathers what is wrong with them, so that one message can list every fault. A
 * blank value counts as unset. Messages never quote the value of a secret.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Environment {

  private final Map<String, String> variables;
  private final Set<String> faults = new LinkedHashSet<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The process's environment, and below it the file {@code .env} of the working directory. */
  public static Environment ofProcess() {
    Map<String, String> variables = new HashMap<>();
    Environment environment = new Environment(variables);
    try {
      Dotenv.configure()
          .ignoreIfMissing()
          .load()
          .entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)
          .forEach((DotenvEntry entry) -> variables.put(entry.getKey(), entry.getValue()));
    } catch (DotenvException e) {
      // Its message quotes the line, which may hold a secret.
      environment.fault(".env must hold nothing but lines such as NAME=value or NAME=\"value\"");
    }
    variables.putAll(System.getenv());
    return environment;
  }

  /** The value of a setting that has a default; that if it is unset, or wrong, which is a fault. */
  <T> T get(Setting<T> setting) {
    return requireNonNull(find(setting), setting.name());
  }

  /** The value of a setting; its default or null if it is unset, or wrong, which is a fault. */
  <T> @Nullable T find(Setting<T> setting) {
    String text = setting.secret() ? secret(setting) : text(setting);
    if (text == null) {
      return setting.defaultValue();
    }
    try {
      return setting.form().apply(text);
    } catch (InvalidConfigurationException e) {
      faults.addAll(e.faults());
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(rule -> fault(setting, rule));
    }
    return setting.defaultValue();
  }

  /** The text of a setting, or null if it is unset. */
  @Nullable
  public String text(Setting<?> setting) {
    return text(setting.name());
  }

  /** The setting itself, or what the file holds that stands in for it. */
  private @Nullable String secret(Setting<?> setting) {
    String value = text(setting);
    String file = text(setting.nameOfFile());
    if (file == null) {
      return value;
    }
    if (value != null) {
      fault(setting.name() + " and " + setting.nameOfFile() + " are both set; set one of them");
      return null;
    }
    try {
      String content = Files.readString(Path.of(file)).strip();
      if (!content.isEmpty()) {
        return content;
      }
      fault(setting.nameOfFile() + " names an empty file: " + file);
    } catch (IOException | RuntimeException e) {
      fault(setting.nameOfFile() + " names a file that cannot be read: " + file);
    }
    return null;
  }

  private @Nullable String text(String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The text of each setting that is set, and of a secret {@code set}. */
  Map<String, String> given() {
    Map<String, String> given = new TreeMap<>();
    for (Setting<?> setting : Settings.all()) {
      String text = text(setting);
      if (text != null) {
        given.put(setting.name(), setting.secret() ? "set" : text);
      }
      String file = setting.secret() ? text(setting.nameOfFile()) : null;
      if (file != null) {
        given.put(setting.nameOfFile(), file);
      }
    }
    return given;
  }

  void fault(Setting<?> setting, String rule) {
    fault(setting.name() + " " + rule);
  }

  void fault(String fault) {
    faults.add(fault);
  }

  /**
   * Returns if nothing is wrong with the settings read so far.
   *
   * @throws InvalidConfigurationException with every fault
   */
  void requireNoFaults() {
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(List.copyOf(faults));
    }
  }
}
