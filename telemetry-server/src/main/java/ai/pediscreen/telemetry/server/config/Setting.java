package ai.pediscreen.telemetry.server.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A setting: its name, what its text may be, and what holds where it is unset. Immutable.
 *
 * @param name the environment's name for it, such as {@code PORT}
 * @param form reads the text; throws {@link IllegalArgumentException} with the rules that it
 *     breaks, one a line, or {@link InvalidConfigurationException} with whole sentences
 * @param defaultValue its value where it is unset; null for none
 * @param told what documentation says of that
 * @param secret whether its value is never repeated, and may also come from a file
 * @param meaning what it is for, in a line; names and values between backticks
 */
public record Setting<T>(
    String name,
    Function<String, T> form,
    @Nullable T defaultValue,
    String told,
    boolean secret,
    String meaning) {

  /** One whose default is the value of a text. */
  static <T> Setting<T> withDefault(
      String name, String text, Function<String, T> form, String meaning) {
    return new Setting<>(name, form, form.apply(text), "`" + text + "`", false, meaning);
  }

  /** The name of the setting that says which file a secret is in. */
  public String nameOfFile() {
    return name + "_FILE";
  }
}
