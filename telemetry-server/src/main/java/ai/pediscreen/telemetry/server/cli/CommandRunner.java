package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.StoppedException;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ReportingConfig;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.Version;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import ai.pediscreen.telemetry.server.logging.FailureMessage;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs a command: reads the settings, sets up the log, and reports failures. */
public final class CommandRunner {

  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

  private CommandRunner() {}

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
   * Runs a command that leaves a result: its standard output is only for that, the log goes to
   * standard error. A shutdown interrupts the work and waits for it.
   */
  public static void runOnce(Consumer<ServerConfig> work) {
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
  public static <T> T withStore(BiFunction<PostgresTelemetry, ServerConfig, T> work) {
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
   * Reads the settings, sets up the log, and does the work of a command. An unexpected failure is
   * logged before it is passed on.
   */
  static void run(Work work) {
    Logging log = null;
    RuntimeException passedOn = null;
    try {
      ServerConfig config = ServerConfig.ofProcess();
      log = logging(config.reporting());
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

  private static Logging logging(ReportingConfig config) {
    return Logging.start(config.env(), config.appName(), Version.number(), config.sentry());
  }

  /** An unexpected failure that is in the log. */
  private static final class LoggedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LoggedException(Throwable cause) {
      super(cause);
    }
  }

  /** What the user sees of a failure; an unexpected one is logged, if it is not yet. */
  public static String toldOf(Exception failure) {
    if (isExpected(failure)) {
      return FailureMessage.of(failure);
    }
    if (!(failure instanceof LoggedException)) {
      LOG.error("failed unexpectedly", failure);
    }
    return "failed unexpectedly; see the log";
  }

  /** Failures that an operator can fix, explained in a sentence; any other is logged. */
  private static boolean isExpected(Throwable failure) {
    return failure instanceof InvalidConfigurationException
        || failure instanceof EmbeddedPostgresException
        || failure instanceof StoreUnavailableException
        || failure instanceof ExportException
        || failure instanceof StoppedException
        || failure instanceof UncheckedIOException
        || failure instanceof CommandLine.PicocliException;
  }
}
