package ai.pediscreen.telemetry.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sentry.SentryClient;
import io.sentry.SentryEvent;
import io.sentry.SentryLevel;
import io.sentry.SentryOptions;
import io.sentry.protocol.Message;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryStackFrame;
import io.sentry.protocol.SentryStackTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;

/**
 * Reports to Sentry what is logged as an error: a request that failed, a job that was parked, a
 * thread that died.
 *
 * <p>A report is built here, field by field, and Sentry's client is kept from adding any: it holds
 * no body, header, query, user, host or environment, and of exceptions only what {@link LogText}
 * lets into a log. It is sent by a thread of the client from a queue of thirty; while Sentry is
 * away or slow, reports are dropped and nothing waits.
 */
final class SentryAppender extends AppenderBase<ILoggingEvent> {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration END_TIMEOUT = Duration.ofMillis(500);
  private static final int MAX_CAUSES = 8;

  private final String environment;
  private final String release;
  private final SentryClient client;

  SentryAppender(SentryDsn dsn, String environment, String release) {
    this.environment = environment;
    this.release = release;
    SentryOptions options = new SentryOptions();
    options.setDsn(dsn.value());
    options.setConnectionTimeoutMillis((int) CONNECT_TIMEOUT.toMillis());
    options.setReadTimeoutMillis((int) READ_TIMEOUT.toMillis());
    // The time at the shutdown to send what is queued, and then to wait for what is being sent.
    options.setShutdownTimeoutMillis(FLUSH_TIMEOUT.toMillis());
    options.setFlushTimeoutMillis(END_TIMEOUT.toMillis());
    options.setSendClientReports(false);
    // They would add the host's name, threads and whatever a later version thinks of.
    options.getEventProcessors().clear();
    this.client = new SentryClient(options);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      client.captureEvent(report(event), null, null);
    }
  }

  /** Sends what waits, no longer than a few seconds. */
  @Override
  public void stop() {
    if (isStarted()) {
      super.stop();
      client.close();
    }
  }

  private SentryEvent report(ILoggingEvent event) {
    SentryEvent report = new SentryEvent(Date.from(event.getInstant()));
    report.setLevel(SentryLevel.ERROR);
    report.setPlatform("java");
    report.setEnvironment(environment);
    report.setRelease(release);
    report.setLogger(event.getLoggerName());
    report.setMessage(message(event));
    String traceId = LineEncoder.traceId(event);
    if (traceId != null) {
      report.setTag(TraceContext.KEY, traceId);
    }
    Throwable failure = LineEncoder.failure(event);
    if (failure != null) {
      report.setExceptions(exceptions(failure));
    }
    return report;
  }

  /** What libraries log may quote anything, and their patterns may be made of it. */
  private static Message message(ILoggingEvent event) {
    Message message = new Message();
    if (LogText.isOurs(event.getLoggerName())) {
      message.setMessage(event.getMessage());
      message.setFormatted(LineEncoder.message(event));
    } else {
      message.setFormatted("an error that " + event.getLoggerName() + " logged");
    }
    return message;
  }

  /** The causes first, as Sentry wants them. */
  private static List<SentryException> exceptions(Throwable failure) {
    List<SentryException> exceptions = new ArrayList<>();
    Throwable current = failure;
    while (current != null && exceptions.size() < MAX_CAUSES) {
      SentryException exception = new SentryException();
      String type = current.getClass().getName();
      exception.setType(type.substring(type.lastIndexOf('.') + 1));
      exception.setModule(current.getClass().getPackageName());
      exception.setValue(LogText.message(current));
      exception.setStacktrace(new SentryStackTrace(frames(current)));
      exceptions.add(exception);
      current = current.getCause();
    }
    Collections.reverse(exceptions);
    return exceptions;
  }

  /** The innermost last, as Sentry wants them. */
  private static List<SentryStackFrame> frames(Throwable failure) {
    List<SentryStackFrame> frames = new ArrayList<>();
    for (StackTraceElement element : failure.getStackTrace()) {
      SentryStackFrame frame = new SentryStackFrame();
      frame.setModule(element.getClassName());
      frame.setFunction(element.getMethodName());
      frame.setFilename(element.getFileName());
      frame.setInApp(LogText.isOurs(element.getClassName()));
      if (element.getLineNumber() >= 0) {
        frame.setLineno(element.getLineNumber());
      }
      frame.setNative(element.isNativeMethod());
      frames.add(frame);
    }
    Collections.reverse(frames);
    return frames;
  }
}
