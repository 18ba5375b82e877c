package ai.pediscreen.telemetry.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Settings that are declared together, in the order in which documentation lists them. Whatever
 * makes a setting here also puts it into the list.
 */
public final class Settings {

  private static final String UNSET = "unset";

  private final List<Setting<?>> declared = new ArrayList<>();

  Settings() {}

  /**
   * All that the server knows. The README's table, the help of the command {@code serve} and the
   * audit log's entry of each start are made of it.
   */
  public static List<Setting<?>> all() {
    return Stream.of(
            HttpConfig.SETTINGS,
            StorageConfig.SETTINGS,
            WarehouseConfig.settings(),
            EventConfig.SETTINGS,
            DriftConfig.SETTINGS,
            AlertConfig.SETTINGS,
            ReportingConfig.SETTINGS)
        .<Setting<?>>flatMap(group -> group.declared.stream())
        .toList();
  }

  /** A setting whose default is the value of a text. */
  <T> Setting<T> withDefault(String name, String text, Function<String, T> form, String meaning) {
    return add(Setting.withDefault(name, text, form, meaning));
  }

  /** A setting whose default documentation tells in words. */
  <T> Setting<T> withDefault(
      String name, T value, String told, Function<String, T> form, String meaning) {
    return add(new Setting<>(name, form, value, told, false, meaning));
  }

  /** A setting without a default. */
  <T> Setting<T> optional(String name, Function<String, T> form, String meaning) {
    return optional(name, UNSET, form, meaning);
  }

  /** A setting without a default, and what documentation says of that. */
  <T> Setting<T> optional(String name, String told, Function<String, T> form, String meaning) {
    return add(new Setting<>(name, form, null, told, false, meaning));
  }

  /** A secret, which has no default. */
  <T> Setting<T> secret(String name, Function<String, T> form, String meaning) {
    return add(new Setting<>(name, form, null, UNSET + "; secret", true, meaning));
  }

  <T> Setting<T> add(Setting<T> setting) {
    declared.add(setting);
    return setting;
  }
}
