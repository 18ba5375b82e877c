package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.TelemetryServer;
import ai.pediscreen.telemetry.server.config.Ports;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.Setting;
import ai.pediscreen.telemetry.server.config.Settings;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** {@code serve}: answers HTTP until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    modelTransformer = ServeCommand.SettingsBelow.class,
    description = "Answer HTTP until stopped (the default).")
public final class ServeCommand implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Override
  public void run() {
    CommandRunner.run(this::serve);
  }

  private void serve(ServerConfig config, Logging log) {
    Ports.requireFree(config);
    Shutdown shutdown = Shutdown.hooked();
    TelemetryServer server;
    try {
      shutdown.closeAtTheEnd(log);
      server = TelemetryServer.start(config);
      shutdown.closeAtTheEnd(server);
    } finally {
      shutdown.settled();
    }
    List<String> banner = Banner.lines(config, server.port(), server.metricsPort(), server.store());
    if (Logging.isJson(config.reporting().env())) {
      banner.forEach(line -> LOG.info("{}", line.strip()));
    } else {
      banner.forEach(System.out::println);
    }
  }

  /** Puts all settings below the help. */
  static final class SettingsBelow implements CommandLine.IModelTransformer {

    private static final int WIDTH = 80;

    private static final String HEADING =
        """

        Settings, from the environment and the file .env, with their defaults.
        A secret can also be given as <NAME>_FILE, the path of a file that holds it.
        """;

    @Override
    public CommandSpec transform(CommandSpec spec) {
      spec.usageMessage()
          .sectionMap()
          .put(UsageMessageSpec.SECTION_KEY_FOOTER, SettingsBelow::settings);
      return spec;
    }

    private static String settings(Help help) {
      TextTable table =
          TextTable.forColumns(help.colorScheme(), new Column(WIDTH, 2, Column.Overflow.WRAP));
      table.indentWrappedLines = 4;
      for (Setting<?> setting : Settings.all()) {
        table.addRowValues(
            plain("%s (%s): %s".formatted(setting.name(), setting.told(), setting.meaning())));
      }
      return HEADING + table;
    }

    /** The backticks are for pages alone. */
    private static String plain(String text) {
      return text.replace("`", "");
    }
  }
}
