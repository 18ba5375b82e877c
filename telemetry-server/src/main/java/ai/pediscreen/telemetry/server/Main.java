package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Without a subcommand it serves. */
@Command(
    name = "telemetry-server",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Telemetry of AI models: takes events, answers questions about them.",
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
      BigQueryCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Settings come from the environment and from the file .env; the README lists them all.",
      "Without DATABASE_URL the data is kept in an embedded PostgreSQL in DATA_DIR (./telemetry-data)."
    })
final class Main implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** The driver's own lines on standard error quote URLs too; what matters it throws as well. */
  private static final java.util.logging.Logger DRIVER_LOG =
      java.util.logging.Logger.getLogger("org.postgresql");

  /** What picocli puts before some of its messages and not before others. */
  private static final Pattern PICOCLI_PREFIX = Pattern.compile("^Error: ");

  private static final Pattern JDBC_URL = Pattern.compile("jdbc:.*");

  private Main() {}

  public static void main(String[] args) {
    DRIVER_LOG.setLevel(Level.OFF);
    int status = commandLine().execute(args);
    // Serving goes on in other threads after the command has returned.
    if (status != 0) {
      System.exit(status);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
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
    err.printf("'%s --help' says more%n", commandLine.getCommandSpec().qualifiedName());
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
    if (!isExpected(failure) && !(failure instanceof LoggedException)) {
      LOG.error("failed unexpectedly", failure);
    }
    commandLine
        .getErr()
        .println(
            "telemetry-server: "
                + (isExpected(failure)
                    ? explain(failure)
                    : "failed unexpectedly; the log says how"));
    return commandLine.getCommandSpec().exitCodeOnExecutionException();
  }

  @Override
  public void run() {
    new ServeCommand().run();
  }

  /** What a command does once its settings are read and the log is set up. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param log to be closed when there is nothing more to say
     */
    void run(ServerConfig config, Logging log);
  }

  /**
   * Does what is done once and leaves a result: its standard output is for that alone, the log goes
   * to standard error. When the process is told to end, the work is interrupted and waited for.
   */
  static void runOnce(Consumer<ServerConfig> work) {
    Logging.toStandardError();
    Shutdown shutdown = Shutdown.hooked();
    try {
      run(
          (config, log) -> {
            work.accept(config);
            log.close();
          });
    } finally {
      shutdown.settled();
    }
  }

  /** Does so with the store, beside a server that may be running, and returns what came of it. */
  static <T> T withStore(BiFunction<PostgresTelemetry, ServerConfig, T> work) {
    List<T> results = new ArrayList<>(1);
    runOnce(
        config -> {
          try (Store store = Store.openBesideServer(config)) {
            results.add(work.apply(store.telemetry(), config));
          }
        });
    return results.get(0);
  }

  /**
   * Reads the settings, sets up the log, and does the work of a command. What nobody expected is
   * logged before it is passed on.
   */
  static void run(Work work) {
    Logging log = null;
    RuntimeException passedOn = null;
    try {
      ServerConfig config = ServerConfig.ofProcess();
      log = Logging.start(config.env(), config.appName(), Version.number(), config.sentry());
      work.run(config, log);
    } catch (RuntimeException | Error e) {
      if (isExpected(e)) {
        passedOn = (RuntimeException) e;
      } else {
        LOG.error("failed unexpectedly", e);
        passedOn = new LoggedException(e);
      }
    }
    if (passedOn != null) {
      if (log != null) {
        log.close();
      }
      throw passedOn;
    }
  }

  /** What nobody expected, and is in the log. */
  private static final class LoggedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoggedException(Throwable cause) {
      super(cause);
    }
  }

  /** Failures that an operator can mend, told in a sentence; any other is logged. */
  private static boolean isExpected(Throwable failure) {
    return failure instanceof InvalidConfigurationException
        || failure instanceof EmbeddedPostgresException
        || failure instanceof StoreUnavailableException
        || failure instanceof ExportException
        || failure instanceof StoppedException
        || failure instanceof UncheckedIOException
        || failure instanceof CommandLine.PicocliException;
  }

  /** The message, and that of each cause as far as its first line, without any URL of JDBC. */
  static String explain(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      if (cause.getMessage() != null && text.indexOf(line) < 0) {
        text.append(": ").append(line);
      }
    }
    // The driver quotes a URL that it cannot read, and that may hold a password.
    return JDBC_URL.matcher(text).replaceAll("(the URL)");
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"telemetry-server " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
