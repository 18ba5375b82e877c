package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.cli.AlertsCommand;
import ai.pediscreen.telemetry.server.cli.AuditCommand;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.cli.DemoCommand;
import ai.pediscreen.telemetry.server.cli.DoctorCommand;
import ai.pediscreen.telemetry.server.cli.HoldCommand;
import ai.pediscreen.telemetry.server.cli.MigrateCommand;
import ai.pediscreen.telemetry.server.cli.PricesCommand;
import ai.pediscreen.telemetry.server.cli.RetentionCommand;
import ai.pediscreen.telemetry.server.cli.ServeCommand;
import ai.pediscreen.telemetry.server.cli.WorkerCommand;
import ai.pediscreen.telemetry.server.cli.access.KeysCommand;
import ai.pediscreen.telemetry.server.cli.data.AggregateCommand;
import ai.pediscreen.telemetry.server.cli.data.BackupCommand;
import ai.pediscreen.telemetry.server.cli.data.BaselineCommand;
import ai.pediscreen.telemetry.server.cli.data.CompareCommand;
import ai.pediscreen.telemetry.server.cli.data.EraseCommand;
import ai.pediscreen.telemetry.server.cli.data.EventsCommand;
import ai.pediscreen.telemetry.server.cli.data.ExportCommand;
import ai.pediscreen.telemetry.server.cli.data.ImportCommand;
import ai.pediscreen.telemetry.server.cli.data.RestoreCommand;
import ai.pediscreen.telemetry.server.cli.data.WarehouseCommand;
import ai.pediscreen.telemetry.server.config.Version;
import ai.pediscreen.telemetry.server.config.WarehouseConfig;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.logging.Level;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Without a subcommand it serves. */
@Command(
    name = "telemetry-server",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Telemetry of AI models: stores events and answers queries about them.",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      WorkerCommand.class,
      AggregateCommand.class,
      EventsCommand.class,
      ImportCommand.class,
      CompareCommand.class,
      BaselineCommand.class,
      AlertsCommand.class,
      PricesCommand.class,
      KeysCommand.class,
      ExportCommand.class,
      RetentionCommand.class,
      MigrateCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      EraseCommand.class,
      HoldCommand.class,
      AuditCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Settings come from the environment and from the file .env; 'serve --help' lists them all.",
      "Without DATABASE_URL the data is kept in an embedded PostgreSQL in DATA_DIR"
          + " (./telemetry-data)."
    })
public final class Main implements Runnable {

  /** The driver's own lines on standard error quote URLs too; what matters it throws as well. */
  private static final java.util.logging.Logger DRIVER_LOG =
      java.util.logging.Logger.getLogger("org.postgresql");

  /** What picocli puts before some of its messages and not before others. */
  private static final Pattern PICOCLI_PREFIX = Pattern.compile("^Error: ");

  private Main() {}

  public static void main(String[] args) {
    DRIVER_LOG.setLevel(Level.OFF);
    int status = commandLine().execute(args);
    // The server keeps running in other threads after the command has returned.
    if (status != 0) {
      System.exit(status);
    }
  }

  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    WarehouseConfig.providers().forEach(kind -> WarehouseCommand.addTo(commandLine, kind));
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(LocalDate.class, Main::day)
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(Main::fail);
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandLine.TypeConversionException("must be a day such as 2026-02-01");
    }
  }

  /** One line, and where to read on; the whole usage would push it off the screen. */
  private static int refuse(CommandLine.ParameterException refusal, String[] arguments) {
    CommandLine commandLine = asked(refusal.getCommandLine());
    PrintWriter err = commandLine.getErr();
    String message = String.valueOf(refusal.getMessage());
    err.println("telemetry-server: " + PICOCLI_PREFIX.matcher(message).replaceFirst(""));
    CommandLine.UnmatchedArgumentException.printSuggestions(refusal, err);
    err.printf("see '%s --help'%n", commandLine.getCommandSpec().qualifiedName());
    return commandLine.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** The subcommand that was given, which the help of its group does not describe. */
  private static CommandLine asked(CommandLine group) {
    CommandLine.ParseResult parsed = group.getParseResult();
    while (parsed != null && parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed == null ? group : parsed.commandSpec().commandLine();
  }

  private static int fail(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    commandLine.getErr().println("telemetry-server: " + CommandRunner.toldOf(failure));
    return commandLine.getCommandSpec().exitCodeOnExecutionException();
  }

  @Override
  public void run() {
    new ServeCommand().run();
  }
}
