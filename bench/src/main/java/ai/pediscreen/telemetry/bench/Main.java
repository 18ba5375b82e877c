package ai.pediscreen.telemetry.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line, see {@code bench/README.md}. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = "Measures the packaged server.",
    subcommands = {
      IngestCommand.class,
      AuditCommand.class,
      ReadCommand.class,
      OverloadCommand.class,
      NeighbourCommand.class,
      ServersCommand.class
    })
final class Main {

  private Main() {}

  /**
   * Measures, and ends the process.
   *
   * @param args a command and its options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
