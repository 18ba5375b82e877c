package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import ai.pediscreen.telemetry.warehouse.WarehouseProvider;
import ai.pediscreen.telemetry.warehouse.WarehouseSetting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse, and what is done there. Immutable.
 *
 * @param named the one that events may be exported to; null if none is named
 * @param exporting whether events and aggregates are exported to it
 * @param answering whether questions about usage are answered there, and not by the database
 */
public record WarehouseConfig(@Nullable Named named, boolean exporting, boolean answering) {

  /**
   * A warehouse that settings name.
   *
   * @param kind what its provider calls it
   */
  public record Named(String kind, WarehouseAddress address) {

    public Named {
      requireNonNull(kind, "kind");
      requireNonNull(address, "address");
    }
  }

  private static final String DATABASE = "postgres";

  /** The kinds of warehouses whose modules are on the class path, by name. */
  public static List<WarehouseProvider> providers() {
    return ServiceLoader.load(WarehouseProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(WarehouseProvider::name))
        .toList();
  }

  static Settings settings() {
    Settings settings = new Settings();
    for (WarehouseProvider provider : providers()) {
      settings.add(enabling(provider));
      provider.settings().forEach(each -> settings.add(setting(each)));
    }
    settings.add(engine(providers()));
    return settings;
  }

  static WarehouseConfig read(Environment environment) {
    List<WarehouseProvider> providers = providers();
    String engine = environment.get(engine(providers));
    List<WarehouseProvider> named = new ArrayList<>();
    WarehouseConfig config = new WarehouseConfig(null, false, false);
    for (WarehouseProvider provider : providers) {
      Setting<Boolean> enabling = enabling(provider);
      Setting<String> naming = naming(provider);
      boolean exporting = environment.get(enabling);
      boolean answering = engine.equals(engine(provider));
      if (answering && !exporting) {
        environment.fault(
            "QUERY_ENGINE=%s needs %s=true and %s"
                .formatted(engine, enabling.name(), naming.name()));
      }
      if (environment.find(naming) != null) {
        named.add(provider);
        config = new WarehouseConfig(named(provider, environment), exporting, answering);
      } else if (exporting) {
        environment.fault(naming, "must be set when " + enabling.name() + " is");
      }
    }
    if (named.size() > 1) {
      environment.fault("set one of " + namesOf(named) + ": events are exported to one place");
    }
    return config;
  }

  private static @Nullable Named named(WarehouseProvider provider, Environment environment) {
    Map<String, String> values = new HashMap<>();
    for (WarehouseSetting each : provider.settings()) {
      String text = environment.find(setting(each));
      if (text != null) {
        values.put(each.name(), text);
      }
    }
    try {
      return new Named(provider.name(), provider.read(values));
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(environment::fault);
      return null;
    }
  }

  /** The warehouse that events are exported to; null where none are. */
  public @Nullable WarehouseAddress target() {
    return named == null || !exporting ? null : named.address();
  }

  /**
   * The warehouse, for what is of no use without one.
   *
   * @param kinds of which it must be
   * @throws InvalidConfigurationException if none of them is named
   */
  public WarehouseAddress require(List<WarehouseProvider> kinds) {
    if (named == null || kinds.stream().noneMatch(kind -> kind.name().equals(named.kind()))) {
      throw new InvalidConfigurationException(List.of(namesOf(kinds) + " must be set"));
    }
    return named.address();
  }

  /** The settings that name warehouses. */
  private static String namesOf(List<WarehouseProvider> kinds) {
    return kinds.stream().map(kind -> naming(kind).name()).collect(joining(" or "));
  }

  private static Setting<Boolean> enabling(WarehouseProvider provider) {
    return Setting.withDefault(
        "ENABLE_" + provider.name().toUpperCase(Locale.ROOT),
        "false",
        Forms::flag,
        "`true`: export to " + provider.name());
  }

  private static Setting<String> naming(WarehouseProvider provider) {
    return setting(provider.settings().get(0));
  }

  private static Setting<String> setting(WarehouseSetting of) {
    return new Setting<>(
        of.name(), Function.identity(), null, of.unset(), of.secret(), of.meaning());
  }

  private static Setting<String> engine(List<WarehouseProvider> providers) {
    List<String> engines = new ArrayList<>(List.of(DATABASE));
    providers.forEach(each -> engines.add(engine(each)));
    return Setting.withDefault(
        "QUERY_ENGINE",
        DATABASE,
        Forms.oneOf(engines.toArray(String[]::new)),
        providers.stream()
            .map(
                each ->
                    "`%s`: usage queries are answered by %s".formatted(engine(each), each.name()))
            .collect(joining("; ")));
  }

  private static String engine(WarehouseProvider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }
}
