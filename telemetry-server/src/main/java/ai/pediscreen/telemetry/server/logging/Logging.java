package ai.pediscreen.telemetry.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of this process once its settings are known. Until then, and in development, it
 * is what {@code logback.xml} says: lines for people on the console.
 */
public final class Logging implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Logging.class);

  private static final List<String> QUOTING =
      List.of("org.eclipse.jetty.util.HostPort", "org.eclipse.jetty.http");

  /** The status that the JVM itself exits with for {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  private static final String CONSOLE = "console";

  /** The logger of entries of the audit log. */
  private static final String AUDIT = "audit";

  private final ch.qos.logback.classic.Logger root;
  private final @Nullable SentryAppender sentry;

  private Logging(ch.qos.logback.classic.Logger root, @Nullable SentryAppender sentry) {
    this.root = root;
    this.sentry = sentry;
  }

  /**
   * Sets up the log, and has threads that die say so in it.
   *
   * @param environment where the program runs; {@code production} has it log JSON
   * @param service what the program is called there
   * @param version the program's version
   * @param dsn where errors are reported; null for nowhere
   */
  public static Logging start(
      String environment, String service, String version, @Nullable SentryDsn dsn) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          try {
            LOG.error("thread {} died", thread.getName(), failure);
          } finally {
            endIfOutOfMemory(failure);
          }
        });
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (isJson(environment)) {
      writeJson(context, root, service, version);
      showAudit(context);
    }
    if (dsn == null) {
      return new Logging(root, null);
    }
    SentryAppender sentry = new SentryAppender(dsn, environment, service + "@" + version);
    sentry.setContext(context);
    sentry.setName("sentry");
    sentry.start();
    root.addAppender(sentry);
    return new Logging(root, sentry);
  }

  /**
   * Ends the process at once if memory has run out, as {@code -XX:+ExitOnOutOfMemoryError} does:
   * what else failed for lack of memory is unknown. The supervisor must restart the program.
   *
   * @param failure what was thrown, perhaps because of that
   */
  public static void endIfOutOfMemory(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        Runtime.getRuntime().halt(OUT_OF_MEMORY);
      }
    }
  }

  /**
   * Has the log leave standard output to what the command answers. To be called before anything is
   * logged; an operator's own {@code logback.xml} stays as it is.
   */
  public static void toStandardError() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Appender<ILoggingEvent> console =
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(CONSOLE);
    if (console instanceof ConsoleAppender<ILoggingEvent> output) {
      output.stop();
      output.setTarget("System.err");
      output.start();
    }
  }

  /**
   * Silences the loggers of the HTTP server's own parts that quote what a sender wrote, such as the
   * host that a request names: nobody needs a key for that. Whatever a configuration says of them.
   */
  public static void silenceQuotes() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    for (String name : QUOTING) {
      context.getLogger(name).setLevel(Level.OFF);
    }
  }

  /** Whether standard output belongs to the log alone, in JSON. */
  public static boolean isJson(String environment) {
    return environment.equals("production");
  }

  /** Entries of the audit log are for a collector; on a terminal they would bury all else. */
  private static void showAudit(LoggerContext context) {
    ch.qos.logback.classic.Logger audit = context.getLogger(AUDIT);
    if (audit.getLevel() == null) {
      audit.setLevel(Level.INFO);
    }
  }

  /** Sends what errors still wait, no longer than a few seconds. */
  @Override
  public void close() {
    if (sentry != null) {
      root.detachAppender(sentry);
      sentry.stop();
    }
  }

  private static void writeJson(
      LoggerContext context, ch.qos.logback.classic.Logger root, String service, String version) {
    // An operator's own logback.xml may have no appender of that name, and then stays as it is.
    Appender<ILoggingEvent> console = root.getAppender(CONSOLE);
    if (console instanceof OutputStreamAppender<ILoggingEvent> output) {
      CloudLoggingEncoder encoder = new CloudLoggingEncoder(service, version);
      encoder.setContext(context);
      encoder.start();
      output.stop();
      output.setEncoder(encoder);
      output.start();
    }
  }
}
