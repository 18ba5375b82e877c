package ai.pediscreen.telemetry.server.cli.data;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import ai.pediscreen.telemetry.warehouse.WarehouseProvider;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command for each kind of warehouse, by the name of the kind: what is done there by hand. */
@Command(
    mixinStandardHelpOptions = true,
    description = "Look after the tables in this warehouse.",
    subcommands = WarehouseCommand.Init.class)
public final class WarehouseCommand implements Runnable {

  private final WarehouseProvider kind;

  @Spec private @Nullable CommandSpec spec;

  private WarehouseCommand(WarehouseProvider kind) {
    this.kind = kind;
  }

  /** Adds the command for this kind, by its name in lower case. */
  public static void addTo(CommandLine commandLine, WarehouseProvider kind) {
    commandLine.addSubcommand(kind.name().toLowerCase(Locale.ROOT), new WarehouseCommand(kind));
  }

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do there: init");
  }

  private void make(ServerConfig config) {
    WarehouseAddress address = config.storage().warehouse().require(List.of(kind));
    try (Warehouse warehouse = address.open()) {
      List<String> tables = warehouse.prepare();
      System.out.println("ready: " + String.join(", ", tables) + " in " + address.place());
    }
  }

  /** {@code init}: makes the tables. */
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Make the tables that are not there, and add columns that tables lack. Drops nothing."
              + " Export does the same by itself.")
  static final class Init implements Runnable {

    @ParentCommand private @Nullable WarehouseCommand parent;

    @Override
    public void run() {
      CommandRunner.runOnce(requireNonNull(parent)::make);
    }
  }
}
