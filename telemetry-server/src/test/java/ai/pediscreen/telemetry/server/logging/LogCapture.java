package ai.pediscreen.telemetry.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, by whatever thread. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final ch.qos.logback.classic.Logger root;
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  public LogCapture() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    this.root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    setContext(context);
    start();
    root.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    events.add(event);
  }

  public List<ILoggingEvent> events() {
    return events;
  }

  /** What the console would show, in either form. */
  public String text() {
    ConsoleEncoder people = new ConsoleEncoder();
    CloudLoggingEncoder cloud = new CloudLoggingEncoder("service", "1");
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(people.lines(event)).append(cloud.lines(event)));
    return text.toString();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
