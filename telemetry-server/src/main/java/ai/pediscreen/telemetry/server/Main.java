package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
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
      WorkerCommand.class,
      AggregateCommand.class,
      KeysCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Settings come from the environment and from the file .env; the README lists them all.",
      "Without DATABASE_URL the data is kept in an embedded PostgreSQL in DATA_DIR (./telemetry-data)."
    })
final class Main implements Runnable {

  /** The driver's own lines on standard error quote URLs too; what matters it throws as well. */
  private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

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
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) -> {
              if (!isExpected(failure)) {
                throw failure;
              }
              commandLine.getErr().println("telemetry-server: " + explain(failure));
              return commandLine.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  @Override
  public void run() {
    new ServeCommand().run();
  }

  /** Failures that an operator can mend, told in a sentence; any other comes with its stack. */
  private static boolean isExpected(Exception failure) {
    return failure instanceof InvalidConfigurationException
        || failure instanceof EmbeddedPostgresException
        || failure instanceof StoreUnavailableException
        || failure instanceof UncheckedIOException;
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
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"telemetry-server " + (version == null ? "(not packaged)" : version)};
    }
  }
}
